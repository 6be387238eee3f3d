using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The legal entities of the house that one may act for.
[View("kernel.companies", KernelPermissions.Read, Sort = "code")]
internal sealed class CompanyList(KeelDb db) : IView<CompanyList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public required string Country { get; init; }
        public required string Currency { get; init; }
        public required string Zone { get; init; }
        public required int Sites { get; init; }
        public required int Channels { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select c.id, c.code, c.name, c.country, c.currency, c.zone,
              (select count(*) from kernel.site s where s.company_id = c.id)::integer as sites,
              (select count(*) from kernel.channel n where n.company_id = c.id)::integer as channels
            from kernel.company c where {own is null} or c.id = any({own ?? []})
            """;
    }
}

/// The nodes of a company.
[View("kernel.sites", KernelPermissions.Read, Sort = "code")]
internal sealed class SiteList(KeelDb db) : IView<SiteList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public required SiteKind Kind { get; init; }
        [Title("Whose word counts")] public required SiteAuthority Authority { get; init; }
        public required string Country { get; init; }
        public required string Zone { get; init; }
        [Title("Cut-off")] public required string CutOff { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.code, s.name, s.kind, s.authority, s.country, s.zone, left(s.calendar->>'cutOff', 5) as cut_off
        from kernel.site s where s.company_id = {db.Company}
        """;
}

/// The ways in which a company sells.
[View("kernel.channels", KernelPermissions.Read, Sort = "code")]
internal sealed class ChannelList(KeelDb db) : IView<ChannelList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public required ChannelKind Kind { get; init; }
        public required string Currency { get; init; }
        [Title("Gross prices")] public required bool PricesIncludeTax { get; init; }
        [Title("Served by")] public required string Nodes { get; init; }
        public required int Priority { get; init; }
        public required string Owner { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.code, c.name, c.kind, c.currency, c.prices_include_tax, c.priority, c.owner,
          (select string_agg(n, ', ') from jsonb_array_elements_text(c.nodes) n) as nodes
        from kernel.channel c where c.company_id = {db.Company}
        """;
}
