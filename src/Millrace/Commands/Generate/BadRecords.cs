using System.Text;

namespace Millrace.Commands.Generate;

/// <summary>Records that are no events, one of each kind that real producers send by mistake.</summary>
internal static class BadRecords
{
    private static readonly Func<int, string>[] Kinds =
    [
        user => $"{{\"eventType\":\"page_view\",\"userId\":{user},\"page\":",
        user => $"page_view,{user},/products",
        user => $"{{\"userId\":{user},\"page\":\"/products\"}}",
        user => $"{{\"eventType\":7,\"userId\":{user}}}",
        user => $"{{\"eventType\":\"page_view\",\"eventId\":\"{user}\",\"userId\":{user}}}",
        user => $"{{\"eventType\":\"page_view\",\"userId\":{user},\"timestamp\":\"yesterday\"}}",
        user => $"[{{\"eventType\":\"page_view\",\"userId\":{user}}}]",
        user => $"{{\"eventType\":\"page_view\",\"userId\":{user},\"page\":\"\\u0000\"}}",
        user => $"{{\"eventType\":\"page_view\",\"userId\":{user},\"page\":\"\\ud800\"}}",
        user => $"{{\"eventType\":\"page_view\",\"userId\":{user},\"tree\":{new string('[', 200)}{new string(']', 200)}}}",
    ];

    public static byte[] Next(SeededRandom random, int user) => Encoding.UTF8.GetBytes(random.Pick(Kinds)(user));
}
