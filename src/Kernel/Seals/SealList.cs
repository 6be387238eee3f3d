using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The seals of the log: what each covers and its digest, the latest first.
[View("kernel.seals", KernelPermissions.ReadLog, Sort = "-number")]
internal sealed class SealList : IView<SealList.Row>
{
    public sealed record Row
    {
        [Key] public required long Number { get; init; }
        public required DateTimeOffset SealedAt { get; init; }
        public required long Lines { get; init; }
        public required string FromTransaction { get; init; }
        public required string ToTransaction { get; init; }
        public required string Digest { get; init; }
    }

    public FormattableString Rows() =>
        $"select number, sealed_at, rows as lines, from_xact::text as from_transaction, to_xact::text as to_transaction, encode(digest, 'hex') as digest from kernel.seal";
}
