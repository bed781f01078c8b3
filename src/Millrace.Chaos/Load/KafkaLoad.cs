using System.Diagnostics;
using Confluent.Kafka;

namespace Millrace.Chaos.Load;

/// <summary>Sends the events of one source to Kafka, at a steady rate through whatever happens, until it is stopped.</summary>
internal sealed class KafkaLoad : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FlushStep = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly IProducer<string, byte[]> _producer;
    private readonly string _topic;
    private readonly Source _source;
    private readonly Action<string> _remark;
    private readonly Task _sending;
    private int _failures;
    private long _answered;

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
        await Task.Run(() => WaitForAnswers(limit));
        if (_source.Sent - Interlocked.Read(ref _answered) is var left and > 0)
            _remark($"source {_source.Index}: {left} events had no answer after {limit.TotalSeconds:0} s");
        if (_failures > 0)
            _remark($"source {_source.Index}: {_failures} sends failed, which promises nothing");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await Limits.LetGoAsync(_producer, Producers.EndLimit, $"source {_source.Index}: the producer", _remark);
        _stop.Dispose();
    }

    /// <summary>The client's Flush is through a little before the last handlers have run.</summary>
    private void WaitForAnswers(TimeSpan limit)
    {
        var waiting = Stopwatch.StartNew();
        while (Interlocked.Read(ref _answered) < _source.Sent && waiting.Elapsed < limit)
        {
            if (_producer.Flush(FlushStep) == 0)
                Thread.Yield();
        }
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
                Interlocked.Increment(ref _answered);
            });
            return true;
        }
        catch (ProduceException<string, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            // Not sent, so not promised.
            Interlocked.Increment(ref _answered);
            return false;
        }
    }

    private void OnFatal(Error error) => _remark($"source {_source.Index}: the producer gave up: {error.Reason}");
}
