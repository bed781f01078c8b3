using System.Buffers;

namespace Millrace.Broker.Topics;

internal static class TopicName
{
    /// <summary>As in Kafka: the name and a partition number must fit into a file name.</summary>
    private const int MaxLength = 249;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(Allowed);
}
