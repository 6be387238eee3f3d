namespace Keel.App.Postgres;

/// A file as long as it was when it was opened, whatever others do to it meanwhile: a tail that is gone reads as zeros.
internal sealed class StillFile : Stream
{
    private readonly FileStream file;
    private long position;

    public StillFile(string path)
    {
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Length = file.Length;
    }

    public override long Length { get; }
    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Length - position)];
        return Advance(wanted, wanted.Length == 0 ? 0 : file.Read(wanted));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Length - position)];
        var read = wanted.Length == 0 ? 0 : await file.ReadAsync(wanted, cancellationToken);
        return Advance(wanted.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }

    private int Advance(Span<byte> wanted, int read)
    {
        if (read == 0)
        {
            wanted.Clear();
            read = wanted.Length;
        }

        position += read;
        return read;
    }
}
