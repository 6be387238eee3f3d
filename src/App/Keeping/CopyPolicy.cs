using System.ComponentModel.DataAnnotations;

namespace Keel.App.Keeping;

/// How often Keel copies everything by itself, how many copies it keeps, and how often it tries one. The company that was made first chooses.
public sealed record CopyPolicy([Range(0, 24 * 31)] int EveryHours = 24, [Range(1, 365)] int Keep = 7, [Range(0, 365)] int DrillEveryDays = 30) : IPolicy<CopyPolicy>
{
    public static string Kind => "backups";
    public static CopyPolicy AsDelivered => new();
    public static string Says => "How often everything is copied (0 is never), how many copies are kept, and how often a copy is put back on trial.";
}
