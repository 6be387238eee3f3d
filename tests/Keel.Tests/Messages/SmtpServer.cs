using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keel.Tests.Messages;

/// A mail server of this machine that takes what it is told to take.
internal sealed class SmtpServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> taken = [];

    public SmtpServer()
    {
        listener.Start();
        _ = Serve();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// It says no to every mail.
    public bool IsFull { get; set; }

    public IReadOnlyList<string> Taken
    {
        get
        {
            lock (taken) return [.. taken];
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (!stop.IsCancellationRequested) _ = Talk(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            return;
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var connection = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 keel.test");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("QUIT", StringComparison.Ordinal)) return;
            if (line.StartsWith("RCPT", StringComparison.Ordinal) && IsFull) await writer.WriteLineAsync("452 the disk is full");
            else if (line != "DATA") await writer.WriteLineAsync("250 well");
            else
            {
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync() is { } text && text != ".") mail.AppendLine(text);
                lock (taken) taken.Add(mail.ToString());
                await writer.WriteLineAsync("250 taken");
            }
        }
    }
}
