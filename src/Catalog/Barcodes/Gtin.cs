namespace Keel.Catalog.Barcodes;

/// GS1's global trade item number: 8, 12, 13 or 14 digits, the last of which checks the others.
internal static class Gtin
{
    public static bool IsValid(string code)
    {
        if (code.Length is not (8 or 12 or 13 or 14) || !code.All(char.IsAsciiDigit) || code.All(c => c == '0')) return false;
        return CheckDigit(code[..^1]) == code[^1];
    }

    /// The digit that completes a number of 7, 11, 12 or 13 digits: weights 3 and 1, beginning with 3 at the right.
    public static char CheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++) sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        return (char)('0' + (10 - sum % 10) % 10);
    }

    /// Under which key a code is kept: a GTIN filled up to fourteen places, so that one number is one code in whichever length it is
    /// printed.
    public static string KeyOf(string code) => IsValid(code) ? code.PadLeft(14, '0') : code;
}
