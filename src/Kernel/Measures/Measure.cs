using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What a measure's figure is.
public enum MeasureUnit
{
    Count,
    Money,
    Percent,
    Hours,
}

/// Which way is good.
public enum Better
{
    /// Nobody aims at it: it says how much there is.
    Neither,
    Less,
    More,
}

/// A figure that is watched: one definition for all who look at it, declared among a module's contents. It is taken every hour from the
/// rows of a list, so that the figure and the rows behind it are one, and kept as a point per day.
public sealed record Measure(string Name, string Title, string Means, MeasureUnit Unit, string Href)
{
    /// The list that it counts or sums up, and the question that its rows answer.
    public Type? View { get; init; }

    public string Question { get; init; } = "";

    /// Of a share: the question whose rows are the whole.
    public string? Whole { get; init; }

    /// The column that is summed up; without one, rows are counted.
    public string? Figure { get; init; }

    /// The column by whose values it is also kept: the node, the channel.
    public string? Slices { get; init; }

    /// In which order its slices stand, where the largest is not first.
    public IReadOnlyList<string> SliceOrder { get; init; } = [];

    /// The column that says on which day a row counts. Without one the measure says how things stand; with one, what happened on each day.
    public string? Day { get; init; }

    /// Where no list has the figure: a query of slice and value, or of slice, part and whole for a share, and of day first where it tells days.
    /// `$1` is the company, `$2` the instant, `$3` and `$4` the first and the last day, `$5` the zone.
    public string? Sql { get; init; }

    /// How many days back what happened is taken again: facts may come late.
    public int SettlesInDays { get; init; } = 3;

    /// Where the question of the rows behind it is another: of a share, those that missed.
    public string? Behind { get; init; }

    /// Who may see it, where no list says so.
    public string Needs { get; init; } = "";

    public Better Better { get; init; }

    /// As delivered, in people's units: pieces, euros, per cent, hours.
    public decimal? Target { get; init; }

    /// The team that answers for it until somebody says otherwise.
    public string? Team { get; init; }

    /// What missed it is past or has failed, and so is red; otherwise a miss is a risk, and amber.
    public bool IsPast { get; init; }

    /// What to do about it, in two or three words.
    public string Next { get; init; } = "See them";

    /// Whether it tells what happened on a day, instead of how things stand.
    public bool IsOfDay { get; init; }

    /// Whether it tells how things stood at the end of a day, so that days do not add up.
    public bool IsBalance { get; init; }

    /// Whether its days add up to what happened in all of them.
    public bool AddsUp => IsOfDay && !IsBalance;

    public bool IsShare => Unit is MeasureUnit.Percent && (View is null || Whole is not null);
    public string Permission => View is null ? Needs : ViewInfo.Of(View).Permission;

    /// Whether the list itself tells the figure of this moment.
    internal bool IsCounted => View is not null && Figure is null && Whole is null;

    /// The question of the rows behind the figure, on a day where it tells days; `{currency}` stands for the company's.
    public string Asks(Currency currency, DateOnly? day = null)
    {
        var question = (Behind ?? Question).Replace("{currency}", currency.Code, StringComparison.Ordinal);
        if (Day is null) return question;
        var on = $"f.{Day}={(day is { } past ? past.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : "today")}";
        return question.Length == 0 ? on : $"{question}&{on}";
    }

    /// Where the rows behind it stand.
    public string Url(Currency currency, DateOnly? day = null) => Asks(currency, day) is { Length: > 0 } asks ? $"{Href}?{asks}" : Href;

    /// How many rows answer a question now.
    public static Measure Rows<TView>(string name, string title, string means, string href, string question) =>
        new(name, title, means, MeasureUnit.Count, href) { View = typeof(TView), Question = question };

    /// How many rows there are of each day, by a column of the list.
    public static Measure PerDay<TView>(string name, string title, string means, string href, string day, string question = "") =>
        new(name, title, means, MeasureUnit.Count, href) { View = typeof(TView), Question = question, Day = day, IsOfDay = true };

    /// What a column of the rows adds up to.
    public static Measure Sum<TView>(string name, string title, string means, string href, string figure, string question) =>
        new(name, title, means, MeasureUnit.Money, href) { View = typeof(TView), Question = question, Figure = figure };

    /// How many of the rows that answer one question answer another too, in per cent; `behind` asks for those that one wants to see.
    public static Measure Share<TView>(string name, string title, string means, string href, string question, string whole, string behind) =>
        new(name, title, means, MeasureUnit.Percent, href) { View = typeof(TView), Question = question, Whole = whole, Behind = behind };
}

/// The measures of the house.
public sealed class Measures
{
    private readonly Dictionary<string, Measure> byName;

    internal Measures(IEnumerable<Measure> all)
    {
        All = [.. all];
        byName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);
    }

    /// Every measure, lower modules' first.
    public IReadOnlyList<Measure> All { get; }

    /// The measure of this name, or nothing.
    public Measure? Find(string name) => byName.GetValueOrDefault(name);
}
