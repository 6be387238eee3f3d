using System.Globalization;

namespace Keel.Printing.Contract;

/// The serial number of a shipping container: extension digit, company prefix, serial, check digit. 18 digits, written after (00).
public static class Sscc
{
    /// The 18 digits for a serial under a company prefix of 7 to 10 digits.
    public static string Of(string companyPrefix, long serial)
    {
        if (companyPrefix.Length is < 7 or > 10 || !companyPrefix.All(char.IsAsciiDigit)) throw new InvariantBroken($"'{companyPrefix}' is not a GS1 company prefix of 7 to 10 digits.");
        var room = 16 - companyPrefix.Length;
        var serials = (long)Math.Pow(10, room);
        // What does not fit the serial any more goes on in the extension digit, and begins again after ten rounds.
        var body = $"{serial / serials % 10}{companyPrefix}{(serial % serials).ToString(new string('0', room), CultureInfo.InvariantCulture)}";
        return body + CheckDigit(body);
    }

    /// GS1's check digit: weights three and one in turn, from the right.
    public static int CheckDigit(string digits) => (10 - digits.Reverse().Select((c, i) => (c - '0') * (i % 2 == 0 ? 3 : 1)).Sum() % 10) % 10;

    public static bool IsValid(string code) => code.Length == 18 && code.All(char.IsAsciiDigit) && CheckDigit(code[..17]) == code[17] - '0';

    /// As people read it: (00) 3 4012345 123456789 0.
    public static string Spoken(string code) => "(00) " + code;
}
