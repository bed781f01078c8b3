using System.Globalization;

namespace Millrace.Commands.Generate;

/// <summary>A part of a whole as people type it: <c>0.1%</c> or <c>0.001</c>.</summary>
internal static class Share
{
    public static double? Parse(string text)
    {
        bool percent = text.EndsWith('%');
        bool isNumber = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        double share = percent ? value / 100 : value;
        return isNumber && share is >= 0 and <= 1 ? share : null;
    }
}
