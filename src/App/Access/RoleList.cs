using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.App.Access;

/// The roles of the house, how many hold each, and whether it is as delivered.
[View("access.roles", AccessPermissions.ReadUsers, Sort = "title")]
internal sealed class RoleList : IView<RoleList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Name { get; init; }
        [Search] public required string Title { get; init; }
        public required long People { get; init; }
        public required string Permissions { get; init; }
        public required string State { get; init; }
        public required int Version { get; init; }
        public string? ChangedBy { get; init; }
        public DateTimeOffset? ChangedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select coalesce(r.name, d.name) as name, coalesce(r.title, d.title) as title,
          (select count(*) from access.person p where not p.disabled and coalesce(r.name, d.name) = any(p.roles)) as people,
          coalesce(array_to_string(r.permissions, ' '), d.permissions) as permissions,
          case when r.name is null then 'as delivered' when d.name is null then 'our own' else 'changed' end as state,
          coalesce(r.version, 0) as version, r.changed_by, r.changed_at
        from unnest({Role.Delivered.Select(r => r.Name).ToArray()}::text[], {Role.Delivered.Select(r => r.Title).ToArray()}::text[],
          {Role.Delivered.Select(r => string.Join(' ', r.Permissions)).ToArray()}::text[]) as d(name, title, permissions)
        full join access.role r on r.name = d.name
        """;
}
