using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>kcat, in Debian on a librdkafka of 2023.</summary>
public sealed partial class KcatClient : DrivenClient
{
    public override string Name => "kcat";

    protected override IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; } = new Dictionary<string, Func<string, string, Task<string>>>
    {
        ["codec-none"] = (b, t) => CountedAsync(b, t, 20),
        ["codec-gzip"] = (b, t) => CountedAsync(b, t, 20, "-z", "gzip"),
        ["codec-snappy"] = (b, t) => CountedAsync(b, t, 20, "-z", "snappy"),
        ["codec-lz4"] = (b, t) => CountedAsync(b, t, 20, "-z", "lz4"),
        ["codec-zstd"] = (b, t) => CountedAsync(b, t, 20, "-z", "zstd"),
        ["many"] = ManyAsync,
        ["headers"] = HeadersAsync,
        ["nulls"] = NullsAsync,
        ["big-record"] = BigRecordAsync,
        ["too-large"] = TooLargeAsync,
        ["idempotence"] = (b, t) => CountedAsync(b, t, 100, "-X", "enable.idempotence=true"),
        ["commit"] = CommitAsync,
        ["seek"] = SeekAsync,
        ["by-time-edges"] = ByTimeEdgesAsync,
        ["list-offsets"] = ListOffsetsAsync,
        ["bad-offset"] = BadOffsetAsync,
        ["read-unknown"] = ReadUnknownAsync,
    };

    /// <summary>Without SCRAM: its librdkafka answers with another nonce than the broker's, which both brokers refuse.</summary>
    protected override IReadOnlyDictionary<string, Func<Listeners, string, Task<string>>> SecuredWays { get; } = new Dictionary<string, Func<Listeners, string, Task<string>>>
    {
        ["sasl-plain"] = (at, t) => SecuredAsync(at.Sasl, t, Login(Listeners.Password)),
        ["wrong-password"] = WrongPasswordAsync,
        ["tls"] = (at, t) => SecuredAsync(at.Tls, t, ["-X", "security.protocol=ssl", "-X", $"ssl.ca.location={at.Authority}"]),
    };

    public override Task<string?> MissingAsync() =>
        Task.FromResult(CommandLine.Exists("kcat") ? null : "kcat is not on the PATH (Debian: apt-get install kcat)");

    private static Task<string> CountedAsync(string bootstrap, string topic, int count, params string[] options) =>
        CountedAsync(bootstrap, topic, count, options, []);

    private static Task<string> SecuredAsync(string bootstrap, string topic, string[] connect) => CountedAsync(bootstrap, topic, 20, connect, connect);

    private static async Task<string> CountedAsync(string bootstrap, string topic, int count, string[] sending, string[] reading)
    {
        await SendAsync(bootstrap, topic, count, sending);
        var lines = (await ReadAsync(bootstrap, topic, count, ["-f", "%k:%s\n", .. reading])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var isRight = lines.SequenceEqual(Enumerable.Range(0, lines.Length).Select(i => $"k{i}:v{i}"));
        return $"{lines.Length} of {count} {(isRight ? "in order" : "mixed up")}";
    }

    private static string[] Login(string password) =>
        ["-X", "security.protocol=sasl_plaintext", "-X", "sasl.mechanisms=PLAIN", "-X", $"sasl.username={Listeners.User}", "-X", $"sasl.password={password}"];

    private static async Task<string> WrongPasswordAsync(Listeners at, string topic)
    {
        var result = await Kcat.RunAsync(at.Sasl, ["-L", .. Login(Listeners.WrongPassword)]);
        return result.Error.Contains("SASL authentication error", StringComparison.Ordinal) ? "SASL_AUTHENTICATION_FAILED" : result.Error;
    }

    private static async Task<string> ManyAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 20_000);
        return $"20000 sent, {(await ReadAsync(bootstrap, topic, 20_000, "-f", "%o\n")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length} there";
    }

    private static async Task<string> ListOffsetsAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 10);
        // Times that Kafka gave a meaning: the earliest and the next offset.
        return $"{await QueryAsync(bootstrap, topic, -2)} to {await QueryAsync(bootstrap, topic, -1)}";
    }

    private static async Task<string> HeadersAsync(string bootstrap, string topic)
    {
        await ProduceAsync(bootstrap, topic, "v", "-H", "a=1", "-H", "a=2", "-H", "b=");
        return (await ReadAsync(bootstrap, topic, 1, "-f", "%h")).Replace(',', ' ');
    }

    private static async Task<string> NullsAsync(string bootstrap, string topic)
    {
        await ProduceAsync(bootstrap, topic, ":\n", "-K:", "-Z");
        // A length of -1 is null.
        return (await ReadAsync(bootstrap, topic, 1, "-f", "%K %S")).Replace("-1", "null", StringComparison.Ordinal);
    }

    private static async Task<string> BigRecordAsync(string bootstrap, string topic)
    {
        await ProduceAsync(bootstrap, topic, new string('x', 900_000));
        return $"{await ReadAsync(bootstrap, topic, 1, "-f", "%S")} bytes";
    }

    private static async Task<string> TooLargeAsync(string bootstrap, string topic)
    {
        var result = await Kcat.RunAsync(bootstrap, ["-P", "-t", topic, "-X", "message.max.bytes=4000000"], new string('x', 2_000_000));
        return result.Error.Contains("Broker: Message size too large", StringComparison.Ordinal) ? "MESSAGE_TOO_LARGE" : result.Error;
    }

    private static async Task<string> CommitAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 10);
        string[] options = ["-q", "-X", "auto.offset.reset=earliest", "-f", "%o\n"];
        (await Kcat.RunAsync(bootstrap, [.. options, "-c", "5", "-G", topic, topic])).ShouldSucceed();
        var second = (await Kcat.RunAsync(bootstrap, [.. options, "-c", "1", "-G", topic, topic])).ShouldSucceed();
        return $"from {second.Output.Trim()}";
    }

    private static async Task<string> SeekAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 10);
        var read = await Kcat.RunAsync(bootstrap, ["-C", "-q", "-t", topic, "-p", "0", "-o", "3", "-c", "1", "-f", "%o"]);
        return $"from {read.ShouldSucceed().Output}";
    }

    private static async Task<string> ByTimeEdgesAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 6);
        var before = await QueryAsync(bootstrap, topic, 1);
        var after = await QueryAsync(bootstrap, topic, DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds());
        return $"{before} {(after == -1 ? "none" : after)}";
    }

    private static async Task<long> QueryAsync(string bootstrap, string topic, long time)
    {
        var result = (await Kcat.RunAsync(bootstrap, ["-Q", "-t", $"{topic}:0:{time}"])).ShouldSucceed();
        return long.Parse(OffsetPattern().Match(result.Output).Groups[1].Value);
    }

    private static async Task<string> BadOffsetAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 5);
        var result = await Kcat.RunAsync(bootstrap, ["-C", "-t", topic, "-p", "0", "-o", "1000", "-e", "-X", "topic.auto.offset.reset=error"]);
        return result.Error.Contains("Broker: Offset out of range", StringComparison.Ordinal) ? "OFFSET_OUT_OF_RANGE" : result.Error;
    }

    private static async Task<string> ReadUnknownAsync(string bootstrap, string topic)
    {
        var result = await Kcat.RunAsync(bootstrap, ["-C", "-t", topic, "-e", "-X", "allow.auto.create.topics=false"]);
        return result.Error.Contains("Broker: Unknown topic or partition", StringComparison.Ordinal) ? "UNKNOWN_TOPIC_OR_PARTITION" : result.Error;
    }

    private static Task SendAsync(string bootstrap, string topic, int count, params string[] options) =>
        ProduceAsync(bootstrap, topic, string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}:v{i}\n")), ["-K:", "-p", "0", .. options]);

    private static async Task ProduceAsync(string bootstrap, string topic, string input, params string[] options) =>
        (await Kcat.RunAsync(bootstrap, ["-P", "-t", topic, .. options], input)).ShouldSucceed();

    private static async Task<string> ReadAsync(string bootstrap, string topic, int count, params string[] options) =>
        (await Kcat.RunAsync(bootstrap, ["-C", "-q", "-t", topic, "-o", "beginning", "-c", $"{count}", .. options])).ShouldSucceed().Output;

    [GeneratedRegex(@"offset (-?\d+)")]
    private static partial Regex OffsetPattern();
}
