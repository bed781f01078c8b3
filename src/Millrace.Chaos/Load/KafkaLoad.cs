using Confluent.Kafka;

namespace Millrace.Chaos.Load;

/// <summary>Sends the events of one source to Kafka, at a steady rate through whatever happens, until it is stopped.</summary>
internal sealed class KafkaLoad : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly IProducer<string, byte[]> _producer;
    private readonly string _topic;
    private readonly Source _source;
    private readonly Action<string> _remark;
    private readonly Task _sending;
    private int _failures;

    private KafkaLoad(string bootstrapServers, string topic, Source source, int perSecond, Action<string> remark)
    {
        _topic = topic;
        _source = source;
        _remark = remark;
        _producer = Producers.Build(bootstrapServers, isIdempotent: source.Kind != SourceKind.Retrying, OnFatal);
        _sending = Task.Run(() => Pace.RunAsync(perSecond, Tick, Send, _stop.Token));
    }

    public static KafkaLoad Start(string bootstrapServers, string topic, Source source, int perSecond, Action<string> remark) =>
        new(bootstrapServers, topic, source, perSecond, remark);

    /// <summary>Sends no more, and waits until the broker has answered for what was sent.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        await _stop.CancelAsync();
        await _sending;
        var left = await Task.Run(() => _producer.Flush(limit));
        if (left > 0)
            _remark($"source {_source.Index}: {left} events had no answer after {limit.TotalSeconds:0} s");
        if (_failures > 0)
            _remark($"source {_source.Index}: {_failures} sends failed, which promises nothing");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _producer.Dispose();
        _stop.Dispose();
    }

    private bool Send()
    {
        // The number first, so that nothing is in the topic that was not counted as sent.
        var number = _source.Next();
        var message = new Message<string, byte[]> { Key = _source.KeyOf(number), Value = _source.ValueOf(number) };
        try
        {
            _producer.Produce(_topic, message, report =>
            {
                if (report.Error.IsError)
                    Interlocked.Increment(ref _failures);
                else
                    _source.Acknowledge(number);
            });
            return true;
        }
        catch (ProduceException<string, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false; // Not sent, so not promised.
        }
    }

    private void OnFatal(Error error) => _remark($"source {_source.Index}: the producer gave up: {error.Reason}");
}
