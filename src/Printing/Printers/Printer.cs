using Keel.Printing.Contract;

namespace Keel.Printing;

/// A device that puts papers or labels out, at a node, reached by the agent there.
[Rows("printing.printer", "id")]
internal sealed record Printer(
    Id<Printer> Id, Id<Company> CompanyId, string Name, PaperForm Kind, NodeCode Node, string Agent, PrinterConnection Connection, string Address,
    int WidthMm, int HeightMm, int Dpi, bool IsOn, int Version)
{
    [NotAColumn]
    public DocumentRef Ref => new("printer", Id.Value, Name);

    /// Labels go to both kinds of printer, papers of a page only to those for documents.
    public bool Takes(PaperForm form) => Kind is PaperForm.Document || form is PaperForm.Label;

    /// What a printer of a kind is loaded with where nobody says it: the label of a parcel, or a page of A4.
    public static (int WidthMm, int HeightMm) UsualSize(PaperForm kind) => kind is PaperForm.Label ? (102, 150) : (210, 297);
}

/// How a printer is reached: by an agent at a TCP port, by a queue of the system's print service or by a folder that somebody watches; or it is simulated.
public enum PrinterConnection
{
    Raw,
    Queue,
    Folder,

    /// There is no device: Keel lays the paper out and keeps it with its job, to learn and to try routes.
    Simulated,
}

/// A place where people print: a packing bench, a dock, an office.
[Rows("printing.station", "company_id", "code")]
internal sealed record Station(Id<Company> CompanyId, string Code, string Name, StationKind Kind, NodeCode Node);

public enum StationKind
{
    Bench,
    Dock,
    Office,
}

/// Which printer gets a paper, and which one when that fails. An empty node or station stands for any.
[Rows("printing.route", "id")]
internal sealed record Route(
    Id<Route> Id, Id<Company> CompanyId, string Paper, string Node, string Station, Id<Printer> PrinterId, Id<Printer>? FallbackId, int Copies)
{
    /// The more it says about where, the sooner it counts.
    public int Weight => (Station.Length > 0 ? 2 : 0) + (Node.Length > 0 ? 1 : 0);

    public bool Fits(string paper, NodeCode node, string station) =>
        Paper == paper && (Node.Length == 0 || Node == node.Text) && (Station.Length == 0 || Station == station);
}
