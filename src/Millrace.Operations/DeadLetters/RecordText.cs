using System.Text;
using System.Text.Unicode;

namespace Millrace.Operations.DeadLetters;

/// <summary>The bytes of a key, a value or a header as a person can read them.</summary>
public static class RecordText
{
    /// <summary>As text; null when there are none, or when they are not UTF-8.</summary>
    public static string? Of(byte[]? bytes) => bytes is not null && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
