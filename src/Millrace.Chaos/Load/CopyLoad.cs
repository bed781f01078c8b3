using System.Text;
using Confluent.Kafka;

namespace Millrace.Chaos.Load;

/// <summary>Sends acknowledged events of all sources again: the same bytes under the same id, some a moment later, some after minutes.</summary>
internal sealed class CopyLoad : IAsyncDisposable
{
    /// <summary>The header by which a deliberate copy is told from one that a broker made.</summary>
    public const string Header = "chaos-copy";

    private const int Recent = 500;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] HeaderValue = Encoding.ASCII.GetBytes("1");

    private readonly CancellationTokenSource _stop = new();
    private readonly IProducer<string, byte[]> _producer;
    private readonly string _topic;
    private readonly IReadOnlyList<Source> _sources;
    private readonly Random _random;
    private readonly Action<string> _remark;
    private readonly Task _sending;

    private CopyLoad(string bootstrapServers, string topic, IReadOnlyList<Source> sources, int perSecond, int seed, Action<string> remark)
    {
        _topic = topic;
        _sources = [.. sources.Where(source => source.Kind != SourceKind.Bad)];
        _random = new Random(seed);
        _remark = remark;
        _producer = Producers.Build(bootstrapServers, isIdempotent: false, error => remark($"copies: the producer gave up: {error.Reason}"));
        _sending = Task.Run(() => Pace.RunAsync(perSecond, Tick, Send, _stop.Token));
    }

    public static CopyLoad Start(string bootstrapServers, string topic, IReadOnlyList<Source> sources, int perSecond, int seed, Action<string> remark) =>
        new(bootstrapServers, topic, sources, perSecond, seed, remark);

    public async Task StopAsync(TimeSpan limit)
    {
        await _stop.CancelAsync();
        await _sending;
        await Task.Run(() => _producer.Flush(limit));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await Limits.LetGoAsync(_producer, Producers.EndLimit, "copies: the producer", _remark);
        _stop.Dispose();
    }

    private bool Send()
    {
        var source = _sources[_random.Next(_sources.Count)];
        var sent = source.Sent;
        if (sent == 0)
            return false;
        var from = _random.Next(2) == 0 ? Math.Max(0, sent - Recent) : 0;
        var number = _random.NextInt64(from, sent);

        // A copy of what is not in the log yet could come before its original, and order would prove nothing.
        if (!source.IsAcknowledged(number))
            return false;
        var message = new Message<string, byte[]>
        {
            Key = source.KeyOf(number),
            Value = source.ValueOf(number),
            Headers = new Headers { { Header, HeaderValue } },
        };
        try
        {
            _producer.Produce(_topic, message);
            return true;
        }
        catch (ProduceException<string, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
