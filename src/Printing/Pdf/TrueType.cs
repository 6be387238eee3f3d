using System.Buffers.Binary;

namespace Keel.Printing.Pdf;

/// A TrueType font as far as a page needs it: which glyph draws a character, how wide it is, and a file of the glyphs that were used.
internal sealed class TrueType
{
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];
    private readonly byte[] file;
    private readonly Dictionary<string, (int At, int Length)> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> glyphs = [];
    private readonly int metrics;

    public TrueType(string name, byte[] file)
    {
        (Name, this.file) = (name, file);
        for (var i = 0; i < Word(4); i++)
        {
            var at = 12 + 16 * i;
            tables[System.Text.Encoding.ASCII.GetString(file, at, 4)] = ((int)Long(at + 8), (int)Long(at + 12));
        }

        UnitsPerEm = Word(At("head") + 18);
        Ascent = Short(At("hhea") + 4);
        Descent = Short(At("hhea") + 6);
        metrics = Word(At("hhea") + 34);
        Glyphs = Word(At("maxp") + 4);
        Box = [.. new[] { 36, 38, 40, 42 }.Select(o => Scaled(Short(At("head") + o)))];
        ReadCharacters();
    }

    /// The font of every paper; it comes with the build.
    public static TrueType Regular { get; } = Embedded("regular");
    public static TrueType Bold { get; } = Embedded("bold");

    public string Name { get; }
    public int UnitsPerEm { get; }
    public int Ascent { get; }
    public int Descent { get; }
    public int Glyphs { get; }

    /// The box around all glyphs, in thousandths of the size.
    public int[] Box { get; }

    /// The glyph of a character; 0 draws an empty box.
    public int GlyphOf(int character) => glyphs.GetValueOrDefault(character);

    /// How wide a glyph is, in thousandths of the size.
    public int WidthOf(int glyph) => Scaled(Word(At("hmtx") + 4 * Math.Min(glyph, metrics - 1)));

    public int Scaled(int units) => units * 1000 / UnitsPerEm;

    /// The same font with the outlines of these glyphs only; their numbers stay.
    public byte[] With(IEnumerable<int> used)
    {
        var kept = new SortedSet<int> { 0 };
        foreach (var glyph in used) Keep(glyph, kept);
        var (outlines, places) = (new MemoryStream(), new byte[4 * (Glyphs + 1)]);
        for (var glyph = 0; glyph < Glyphs; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan(4 * glyph), (uint)outlines.Length);
            if (!kept.Contains(glyph)) continue;
            var (at, length) = Outline(glyph);
            outlines.Write(file, at, length);
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }

        BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan(4 * Glyphs), (uint)outlines.Length);
        var head = Table("head").ToArray();
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return Assemble(name => name switch
        {
            "glyf" => outlines.ToArray(), "loca" => places, "head" => head, _ => tables.ContainsKey(name) ? Table(name).ToArray() : null,
        });
    }

    private static TrueType Embedded(string name)
    {
        using var stream = typeof(TrueType).Assembly.GetManifestResourceStream(name + ".ttf") ?? throw new InvariantBroken($"The font {name} is not in the build.");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return new TrueType("NotoSans-" + (name == "bold" ? "Bold" : "Regular"), file);
    }

    private static byte[] Assemble(Func<string, byte[]?> table)
    {
        var parts = Kept.Select(name => (Name: name, Data: table(name))).Where(p => p.Data is not null).ToArray();
        var result = new MemoryStream();
        void Put16(int value) { Span<byte> b = stackalloc byte[2]; BinaryPrimitives.WriteUInt16BigEndian(b, (ushort)value); result.Write(b); }
        void Put32(uint value) { Span<byte> b = stackalloc byte[4]; BinaryPrimitives.WriteUInt32BigEndian(b, value); result.Write(b); }
        var steps = (int)Math.Log2(parts.Length);
        Put32(0x00010000);
        Put16(parts.Length);
        Put16(16 << steps);
        Put16(steps);
        Put16(16 * parts.Length - (16 << steps));
        var at = 12 + 16 * parts.Length;
        foreach (var (name, data) in parts)
        {
            result.Write(System.Text.Encoding.ASCII.GetBytes(name));
            Put32(Sum(data!));
            Put32((uint)at);
            Put32((uint)data!.Length);
            at += (data.Length + 3) / 4 * 4;
        }

        foreach (var (_, data) in parts)
        {
            result.Write(data!);
            while (result.Length % 4 != 0) result.WriteByte(0);
        }

        return result.ToArray();
    }

    private static uint Sum(byte[] data)
    {
        uint sum = 0;
        for (var i = 0; i < data.Length; i++) sum = unchecked(sum + ((uint)data[i] << (24 - i % 4 * 8)));
        return sum;
    }

    /// A glyph may be put together from others: those are kept too.
    private void Keep(int glyph, SortedSet<int> kept)
    {
        if (!kept.Add(glyph)) return;
        var (at, length) = Outline(glyph);
        if (length == 0 || Short(at) >= 0) return;
        for (at += 10; ;)
        {
            var flags = Word(at);
            Keep(Word(at + 2), kept);
            at += 4 + ((flags & 1) != 0 ? 4 : 2) + ((flags & 8) != 0 ? 2 : (flags & 0x40) != 0 ? 4 : (flags & 0x80) != 0 ? 8 : 0);
            if ((flags & 0x20) == 0) return;
        }
    }

    private (int At, int Length) Outline(int glyph)
    {
        var isLong = Short(At("head") + 50) == 1;
        var from = isLong ? (int)Long(At("loca") + 4 * glyph) : 2 * Word(At("loca") + 2 * glyph);
        var to = isLong ? (int)Long(At("loca") + 4 * glyph + 4) : 2 * Word(At("loca") + 2 * glyph + 2);
        return (At("glyf") + from, to - from);
    }

    /// Reads the map of the basic plane (format 4): all letters that names and addresses are written in here.
    private void ReadCharacters()
    {
        var map = At("cmap");
        for (var i = 0; i < Word(map + 2); i++)
        {
            var at = map + (int)Long(map + 4 + 8 * i + 4);
            if (Word(at) != 4) continue;
            var segments = Word(at + 6) / 2;
            for (var s = 0; s < segments; s++)
            {
                var (end, start) = (Word(at + 14 + 2 * s), Word(at + 16 + 2 * segments + 2 * s));
                var (delta, range) = (Word(at + 16 + 4 * segments + 2 * s), at + 16 + 6 * segments + 2 * s);
                for (var c = start; c <= end && c != 0xFFFF; c++)
                {
                    var glyph = Word(range) == 0 ? (c + delta) & 0xFFFF : Word(range + Word(range) + 2 * (c - start)) is var g and not 0 ? (g + delta) & 0xFFFF : 0;
                    if (glyph != 0) glyphs[c] = glyph;
                }
            }

            return;
        }

        throw new InvariantBroken($"The font {Name} has no map of characters that can be read.");
    }

    private int At(string table) => tables[table].At;
    private ReadOnlySpan<byte> Table(string name) => file.AsSpan(tables[name].At, tables[name].Length);
    private int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));
    private int Short(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));
    private uint Long(int at) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
}
