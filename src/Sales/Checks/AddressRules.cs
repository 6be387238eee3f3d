using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// What was found about an address: how it is tidily written, what is wrong with it, and the postal code that may be meant. Where nobody wrote down the rules of its country it is not known.
internal sealed record AddressLook(PostalAddress Tidy, string? Wrong, string? Meant, bool IsKnown);

/// How addresses are written in the countries that parcels go to: the postal code without its gaps, where a gap belongs, what an address must have. What is only written untidily is
/// tidied without asking; what is wrong is said, with an example.
internal static class AddressRules
{
    /// `At` is where the gap belongs, from the end where negative; 0 where there is none.
    private sealed record Rule(string Country, string Code, string Example, int At = 0, string Gap = " ", bool IsNeeded = true, bool NeedsRegion = false, bool NeedsNumber = false, string Prefix = "")
    {
        public Regex Pattern { get; } = new($"^(?:{Code})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

        public string Written(string bare)
        {
            var at = bare.StartsWith("BFPO", StringComparison.Ordinal) ? 4 : At < 0 ? bare.Length + At : At;
            return Prefix + (at <= 0 || at >= bare.Length ? bare : bare[..at] + Gap + bare[at..]);
        }
    }

    private const string Canadian = "ABCEGHJ-NPRSTV-Z";

    private static readonly FrozenDictionary<string, Rule> ByCountry = new Rule[]
    {
        new("NL", @"[1-9]\d{3}[A-Z]{2}", "2013 DH", 4, NeedsNumber: true), new("BE", @"[1-9]\d{3}", "1000", NeedsNumber: true), new("DE", @"\d{5}", "10115", NeedsNumber: true),
        new("FR", @"\d{5}", "75001"), new("LU", @"\d{4}", "4750"), new("AT", @"\d{4}", "1010", NeedsNumber: true), new("CH", @"\d{4}", "8001"), new("LI", @"94\d{2}", "9490"),
        new("DK", @"\d{4}", "8660", NeedsNumber: true), new("SE", @"\d{5}", "114 55", 3), new("NO", @"\d{4}", "0107"), new("FI", @"\d{5}", "00550"), new("IS", @"\d{3}", "101"),
        new("GB", @"[A-Z]{1,2}\d[\dA-Z]?\d[ABD-HJLNP-UW-Z]{2}|GIR0AA|BFPO\d{1,4}", "EC1Y 8SY", -3), new("IE", @"[\dA-Z]{3}[\dA-Z]{4}", "D02 AF30", 3, IsNeeded: false),
        new("ES", @"\d{5}", "28039"), new("PT", @"\d{7}", "1250-096", 4, "-"), new("IT", @"\d{5}", "00144"), new("MT", @"[A-Z]{3}\d{2,4}", "VCT 1753", 3, IsNeeded: false), new("CY", @"\d{4}", "2008", IsNeeded: false),
        new("GR", @"\d{5}", "151 24", 3), new("PL", @"\d{5}", "00-950", 2, "-"), new("CZ", @"\d{5}", "100 00", 3), new("SK", @"\d{5}", "010 01", 3), new("HU", @"\d{4}", "1037"),
        new("SI", @"\d{4}", "1001"), new("HR", @"\d{5}", "10000"), new("RO", @"\d{6}", "060274"), new("BG", @"\d{4}", "1000"), new("EE", @"\d{5}", "69501"), new("LV", @"\d{4}", "LV-1073", Prefix: "LV-"), new("LT", @"\d{5}", "04340"),
        new("US", @"\d{5}(?:\d{4})?", "95014", 5, "-", NeedsRegion: true), new("CA", $@"[{Canadian}]\d[{Canadian}]\d[{Canadian}]\d", "K1A 0B1", 3, NeedsRegion: true),
        new("AU", @"\d{4}", "2060", NeedsRegion: true), new("NZ", @"\d{4}", "6011"), new("JP", @"\d{7}", "154-0023", 3, "-"), new("TR", @"\d{5}", "06101"),
    }.ToFrozenDictionary(r => r.Country);

    public static AddressLook Look(PostalAddress address)
    {
        var tidy = address with
        {
            Line1 = Plain(address.Line1), Line2 = address.Line2 is null ? null : Plain(address.Line2), PostalCode = Plain(address.PostalCode).ToUpperInvariant(), City = Plain(address.City),
            Region = address.Region is null ? null : Plain(address.Region),
        };
        if (!ByCountry.TryGetValue(address.Country, out var rule)) return new AddressLook(tidy, null, null, IsKnown: false);
        var bare = Bare(tidy.PostalCode);
        var found = Match(rule, bare);
        if (found is not null) tidy = tidy with { PostalCode = rule.Written(found) };
        var wrong = new List<string>();
        if (tidy.Line1.Length == 0) wrong.Add("The street is missing.");
        else if (rule.NeedsNumber && !tidy.Line1.Any(char.IsDigit) && tidy.Line2?.Any(char.IsDigit) != true) wrong.Add($"The house number is missing: {tidy.Line1}.");
        if (tidy.City.Length == 0) wrong.Add("The town is missing.");
        if (rule.NeedsRegion && string.IsNullOrEmpty(tidy.Region)) wrong.Add($"The state is missing, which addresses in {rule.Country} have.");
        var meant = found is null && bare.Length > 0 ? Meant(rule, bare) : null;
        if (bare.Length == 0 && rule.IsNeeded) wrong.Add($"The postal code is missing, such as {rule.Example}.");
        else if (bare.Length > 0 && found is null) wrong.Add($"{tidy.PostalCode} is no postal code of {rule.Country}, which is written like {rule.Example}{(meant is null ? "" : $"; {meant} may be meant")}.");
        return new AddressLook(tidy, wrong.Count == 0 ? null : string.Join(" ", wrong), meant, IsKnown: true);
    }

    /// The bare code, where it is one; a country's letters before digits are no part of it: D-10115.
    private static string? Match(Rule rule, string bare)
    {
        if (rule.Pattern.IsMatch(bare)) return bare;
        var digits = bare.TrimStart([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]);
        return bare.Length - digits.Length is 1 or 2 && rule.Country.StartsWith(bare[..1], StringComparison.Ordinal) && rule.Pattern.IsMatch(digits) ? digits : null;
    }

    /// What is often meant: letters that look like digits, and a zero that a spreadsheet took away.
    private static string? Meant(Rule rule, string bare)
    {
        foreach (var guess in new[] { bare.Replace('O', '0').Replace('I', '1').Replace('L', '1'), "0" + bare })
            if (rule.Pattern.IsMatch(guess)) return rule.Written(guess);
        return null;
    }

    private static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Bare(string code) => string.Concat(code.Where(char.IsLetterOrDigit));
}
