using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Keel.Kernel;

/// The quantity or amount must be more than nothing.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PositiveAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        Quantity quantity => quantity.IsPositive,
        Money money => money.Minor > 0,
        UnitPrice price => price.Micros > 0,
        int number => number > 0,
        long number => number > 0,
        _ => true,
    };

    public override string FormatErrorMessage(string name) => "must be more than zero.";
}

/// The text must not hold the number of a payment card: 13 to 19 digits, perhaps apart, that begin as cards do and pass the check of
/// ISO/IEC 7812-1 (Luhn). A request that does is refused, and nothing of it is kept, in the log neither.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed partial class NoCardNumberAttribute : ValidationAttribute
{
    internal const string Words = "holds the number of a card. Send the token or the reference that the payment service gave for it.";

    public override bool IsValid(object? value) => value is not string text || !Digits().Matches(text).Any(found => IsCard([.. found.Value.Where(char.IsAsciiDigit)]));

    public override string FormatErrorMessage(string name) => Words;

    private static bool IsCard(char[] digits)
    {
        if (digits.Length is < 13 or > 19) return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    [GeneratedRegex("(?<![0-9A-Za-z])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])")]
    private static partial Regex Digits();
}

/// The quantity or amount must not be less than nothing.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NotNegativeAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        Quantity quantity => !quantity.IsNegative,
        Money money => !money.IsNegative,
        UnitPrice price => price.Micros >= 0,
        int number => number >= 0,
        long number => number >= 0,
        _ => true,
    };

    public override string FormatErrorMessage(string name) => "must not be negative.";
}

/// Checks the shape of a request by the attributes on its parameters, and by limits that hold everywhere: text of at most 400 characters
/// without control characters, lists of at most 5,000 items, quantities below a billion units, amounts below ten billion.
internal static class RequestShape
{
    private const int MostText = 400;
    private const int MostItems = 5_000;
    private const int MostErrors = 50;
    private static readonly Quantity MostUnits = new(1_000_000_000_000);
    private static readonly ConcurrentDictionary<Type, Member[]> Members = new();

    public static List<FieldError> Check(object request)
    {
        var errors = new List<FieldError>();
        Walk(request, "", errors, 0);
        return errors;
    }

    /// The first site or channel that a request names, wherever it names it, and that is not the actor's.
    public static string? BeyondIn(object request, Actor actor) => Leaves(request).Select(l => l.Value switch
    {
        NodeCode node when !actor.Reach.Covers(node) => node.Text,
        ChannelCode channel when !actor.Reach.Covers(channel) => channel.Text,
        _ => null,
    }).FirstOrDefault(p => p is not null);

    /// Every value that a request holds, with its path and the name of its field; values of a list have the list's name.
    internal static IEnumerable<(string Path, string Name, object Value)> Leaves(object value) => Leaves(value, "", "", 0);

    private static IEnumerable<(string Path, string Name, object Value)> Leaves(object value, string path, string name, int depth)
    {
        if (depth > 12) return [];
        if (value is not string and not byte[] && value is IEnumerable list) return list.Cast<object?>().SelectMany((item, i) => item is null ? [] : Leaves(item, $"{path}[{i}]", name, depth + 1));
        if (value is string or byte[] || !IsNested(value.GetType())) return [(path, name, value)];
        return Members.GetOrAdd(value.GetType(), Find).SelectMany(m => m.Get(value) is { } inner ? Leaves(inner, path.Length == 0 ? m.Name : $"{path}.{m.Name}", m.Name, depth + 1) : []);
    }

    private static void Walk(object value, string path, List<FieldError> errors, int depth)
    {
        if (depth > 12) return;
        foreach (var member in Members.GetOrAdd(value.GetType(), Find))
        {
            if (errors.Count >= MostErrors) return;
            var content = member.Get(value);
            var field = path + member.Name;
            foreach (var rule in member.Rules)
            {
                // How long a text and how many of a list may be is said below, in plain words.
                if (rule is MaxLengthAttribute || Holds(rule, content)) continue;
                errors.Add(new FieldError(field, rule is RequiredAttribute ? "is required." : rule.FormatErrorMessage(member.Name)));
            }

            if (content is null) continue;
            if (member.Limit(content) is { } wrong) errors.Add(new FieldError(field, wrong));
            if (content is string or byte[]) continue;
            if (content is IEnumerable list) WalkList(list, field, errors, depth);
            else if (member.IsNested) Walk(content, field + ".", errors, depth + 1);
        }
    }

    /// The framework's rules for numbers break on numbers that are too large for them: those do not hold.
    private static bool Holds(ValidationAttribute rule, object? content)
    {
        try
        {
            // The framework lets an empty text pass every pattern; the database does not.
            if (rule is RegularExpressionAttribute pattern && content is "") return Regex.IsMatch("", $"^(?:{pattern.Pattern})$", RegexOptions.None, TimeSpan.FromSeconds(1));
            return rule.IsValid(content);
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static void WalkList(IEnumerable list, string field, List<FieldError> errors, int depth)
    {
        var i = 0;
        foreach (var item in list)
        {
            if (errors.Count >= MostErrors) return;
            if (item is string text && Text(text, MostText) is { } wrong) errors.Add(new FieldError($"{field}[{i}]", wrong));
            else if (item is null) errors.Add(new FieldError($"{field}[{i}]", "is missing."));
            else if (IsNested(item.GetType())) Walk(item, $"{field}[{i}].", errors, depth + 1);
            else if (Plain(item) is { } plain) errors.Add(new FieldError($"{field}[{i}]", plain));
            i++;
        }
    }

    private static Member[] Find(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.CanRead && (p.CanWrite || IsParameter(type, p)))
            .Select(p => new Member(p, ParameterOf(type, p))),
    ];

    private static bool IsParameter(Type type, PropertyInfo property) => ParameterOf(type, property) is not null;

    private static ParameterInfo? ParameterOf(Type type, PropertyInfo property) => type.GetConstructors()
        .SelectMany(c => c.GetParameters())
        .FirstOrDefault(p => string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase) && p.ParameterType == property.PropertyType);

    private static bool IsNested(Type type) =>
        type is { IsPrimitive: false, IsEnum: false } && type.Namespace?.StartsWith("Keel", StringComparison.Ordinal) == true
        && !typeof(ICode).IsAssignableFrom(type) && !typeof(IId).IsAssignableFrom(type)
        && type != typeof(Money) && type != typeof(Quantity) && type != typeof(UnitPrice) && type != typeof(Currency);

    private static string? Text(string text, int most)
    {
        if (text.Length > most) return $"is longer than {most} characters.";
        return text.Any(c => char.IsControl(c) && c is not '\n' and not '\t') ? "has control characters." : null;
    }

    private static string? Plain(object value) => value switch
    {
        Quantity quantity when quantity > MostUnits || quantity < -MostUnits => "is more than a billion units.",
        Money money when Math.Abs(money.Amount) > 10_000_000_000m => "is more than ten billion.",
        ICode { Text.Length: 0 } => "is required.",
        IId { Value: var id } when id == Guid.Empty => "is required.",
        DateTimeOffset at when at.Year is < 1990 or > 2100 => "is not between 1990 and 2100.",
        DateOnly day when day.Year is < 1990 or > 2100 => "is not between 1990 and 2100.",
        double => "must be exact.",
        _ => null,
    };

    private sealed class Member
    {
        private readonly PropertyInfo property;
        private readonly int mostText;
        private readonly int mostItems;
        private readonly string? tooMany;

        public Member(PropertyInfo property, ParameterInfo? parameter)
        {
            this.property = property;
            Rules = [.. property.GetCustomAttributes<ValidationAttribute>(), .. parameter?.GetCustomAttributes<ValidationAttribute>() ?? []];
            Name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            var limit = Rules.OfType<MaxLengthAttribute>().FirstOrDefault();
            var most = limit?.Length;
            tooMany = limit?.ErrorMessage;
            mostText = most ?? MostText;
            mostItems = most ?? MostItems;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            IsNested = RequestShape.IsNested(type);
        }

        public string Name { get; }
        public ValidationAttribute[] Rules { get; }
        public bool IsNested { get; }

        public object? Get(object of) => property.GetValue(of);

        public string? Limit(object value) => value switch
        {
            string text => Text(text, mostText),
            ICollection list when list.Count > mostItems => tooMany ?? $"has more than {mostItems} items.",
            _ => Plain(value),
        };
    }
}
