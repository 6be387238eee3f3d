using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Access;

/// What the fields of a form can be chosen from, by what they are: sites, channels, operations, permissions, roles, domains of master data. One
/// place for all forms, so that nobody types a code that the house knows.
internal sealed class FieldChoices(KeelDb db, Settings settings, ModuleCatalog catalog, Companies companies)
{
    /// What it means to tick nothing.
    public static readonly Dictionary<string, string> Everywhere = new() { ["companies"] = "None ticked: all of yours.", ["sites"] = "None ticked: all of yours.", ["channels"] = "None ticked: all of yours." };

    private readonly PermissionBook permissions = new(catalog);
    private IReadOnlyList<Option> sites = [];
    private IReadOnlyList<Option> channels = [];
    private IReadOnlyList<Option> roles = [];
    private IReadOnlyList<Option> accounts = [];
    private IReadOnlyList<Option> own = [];

    /// Reads what a company has; once for a page.
    public async Task Load(bool withAccounts = false, CancellationToken ct = default)
    {
        roles = (await RoleSet.Of(db, ct)).Options;
        own = [.. (await companies.Of(db.Work.Actor, ct)).Select(c => new Option(c.Code, c.Name))];
        if (!db.Company.IsEmpty)
        {
            var (network, reach) = (await Network.Of(settings, ct), db.Work.Actor.Reach);
            sites = [.. network.Sites.Values.Where(s => reach.Covers(s.Code)).OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => new Option(s.Code.Text, s.Name))];
            channels = [.. network.Channels.Values.Where(c => reach.Covers(c.Code)).OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new Option(c.Code.Text, c.Name))];
        }

        if (withAccounts) accounts = [.. (await db.Query<Account>($"select email, name from access.person where not disabled and (companies is null or {db.Company.Value} = any(companies)) order by name limit 2000", ct)).Select(a => new Option(a.Email, a.Name))];
    }

    /// What a field can be chosen from; null where anything may be typed.
    public IReadOnlyList<Option>? Of(FormField field) =>
        field.Type == typeof(ChannelCode) ? channels
        : field.Type == typeof(NodeCode) ? sites
        : field.Kind is FieldKind.Several && field.Type.IsEnum ? Option.Of(field.Type)
        : field.Type != typeof(string) ? null
        : field.Path[(field.Path.LastIndexOf('.') + 1)..] switch
        {
            "operation" => Operations,
            "recordType" => [.. catalog.Retained.Select(r => new Option(r.Name, Words.T(r.Title)))],
            "domain" => [.. catalog.Modules.SelectMany(m => m.AllDomains).Select(d => new Option(d.Name, Words.T(d.Title)))],
            "roles" or "role" or "team" => roles,
            "signsInAs" => accounts.Count == 0 ? null : accounts,
            "companies" or "company" => own,
            "permissions" => Permissions,
            var path when path.EndsWith("ermission", StringComparison.Ordinal) => [.. catalog.Permissions.Order(StringComparer.Ordinal).Select(p => new Option(p, Said(p)))],
            _ => null,
        };

    /// Those fields of an operation's form that can be chosen, by their names.
    public Dictionary<string, IReadOnlyList<Option>> For<TOperation>() =>
        FormField.Of(FormField.RequestOf(typeof(TOperation))).Select(f => (f.Path, Options: Of(f))).Where(f => f.Options is { Count: > 0 }).ToDictionary(f => f.Path, f => f.Options!);

    private IReadOnlyList<Option> Operations => [.. catalog.Operations.Where(o => o.MayWait).Select(o => new Option(o.Name, Words.T(o.Title))).OrderBy(o => o.Text, StringComparer.Ordinal)];

    /// Everything that whoever looks may do, module by module, with the module as a whole.
    private IReadOnlyList<Option> Permissions =>
    [
        .. db.Work.Actor.May("*") ? [new Option("*", Words.T("Everything"))] : Array.Empty<Option>(),
        .. permissions.Modules.SelectMany(m => m.Entries.Select(e => new Option(e.Name, e.Words)).Prepend(new Option(m.Module + ".*", Words.T($"{Words.T(ViewInfo.Spoken(m.Module))}: everything"))))
            .Where(o => db.Work.Actor.May(o.Value)),
    ];

    private string Said(string permission) => permissions.Modules.SelectMany(m => m.Entries).FirstOrDefault(e => e.Name == permission)?.Words ?? permission;

    private sealed record Account(string Email, string Name);
}
