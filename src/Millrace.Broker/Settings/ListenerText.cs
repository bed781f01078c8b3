using System.Globalization;

namespace Millrace.Broker;

/// <summary>Kafka's form of an address, <c>PLAINTEXT://host:port</c>. There is one listener, so its name says nothing more.</summary>
internal static class ListenerText
{
    public const string Expected = "one address, such as PLAINTEXT://127.0.0.1:9092";

    public static string Of(string protocol, string host, int port) => $"{protocol}://{HostAndPort(host, port)}";

    /// <summary>As clients write it, with an IPv6 address in brackets.</summary>
    public static string HostAndPort(string host, int port) => $"{(host.Contains(':') ? $"[{host}]" : host)}:{port}";

    public static bool TryParse(string text, out string host, out int port)
    {
        host = "";
        port = 0;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var address = scheme < 0 ? text : text[(scheme + 3)..];
        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.Contains(',')
            || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65_535)
            return false;
        host = address[..colon].Trim('[', ']');
        return true;
    }
}
