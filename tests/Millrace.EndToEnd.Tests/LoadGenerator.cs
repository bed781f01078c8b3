using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;

namespace Millrace.EndToEnd.Tests;

/// <summary>
/// Produces events with known ids until it is stopped, through whatever happens to the broker, and remembers which the broker
/// acknowledged. An acknowledged event must be in the table exactly once; one that was not may be or not.
/// </summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Guid, byte> _acknowledged = new();
    private readonly IProducer<string, byte[]> _producer;
    private readonly Task _sending;
    private readonly int _perSecond;

    private LoadGenerator(string bootstrapServers, int perSecond)
    {
        _perSecond = perSecond;
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            LingerMs = 1,
            MessageTimeoutMs = 120_000,
            ReconnectBackoffMaxMs = 500,
        })
            .SetLogHandler((_, _) => { }) // a broker that is killed on purpose makes it log every attempt to reconnect
            .SetErrorHandler((_, _) => { })
            .Build();
        _sending = Task.Run(SendAsync);
    }

    public ICollection<Guid> Acknowledged => _acknowledged.Keys;

    public int AcknowledgedCount => _acknowledged.Count;

    public static LoadGenerator Start(string bootstrapServers, int perSecond) => new(bootstrapServers, perSecond);

    /// <summary>Sends no more and waits until the broker has answered for everything.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _producer.Flush(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _producer.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var number = 0; !_stop.IsCancellationRequested;)
        {
            await tick.WaitForNextTickAsync();
            for (var due = _perSecond / 100; due > 0; due--, number++)
            {
                Send(number);
            }
        }
    }

    private void Send(int number)
    {
        var id = Guid.CreateVersion7();
        var value = Encoding.UTF8.GetBytes(
            $$"""{"eventType":"load","eventId":"{{id}}","userId":{{number % 100}},"number":{{number}},"padding":"{{new string('x', 150)}}"}""");
        try
        {
            _producer.Produce("events", new Message<string, byte[]> { Key = (number % 100).ToString(), Value = value }, report =>
            {
                if (!report.Error.IsError)
                {
                    _acknowledged.TryAdd(id, 0);
                }
            });
        }
        catch (ProduceException<string, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            // Not sent, so not promised.
        }
    }
}
