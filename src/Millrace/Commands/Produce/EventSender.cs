using System.Diagnostics;
using Confluent.Kafka;
using Millrace.Commands.Connections;

namespace Millrace.Commands.Produce;

/// <summary>
/// Sends events so that none is lost or doubled on the way (acks=all, idempotent), keyed as Kafka's own clients would,
/// with a bound on what is under way: when the broker is slow, the reader of the input waits.
/// </summary>
internal sealed class EventSender : IDisposable
{
    /// <summary>Enough to keep three partitions busy over a slow link, and some 30 MB of events of the usual size.</summary>
    private const int MaxInFlight = 100_000;

    /// <summary>For big events the bytes are the bound, in KiB: twice that of what ten full requests hold.</summary>
    private const int MaxInFlightKiB = 64 * 1024;

    private static readonly TimeSpan QueueFullWait = TimeSpan.FromMilliseconds(50);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly SemaphoreSlim _room = new(MaxInFlight);
    private readonly Action<DeliveryReport<byte[]?, byte[]?>> _delivered;
    private readonly string _topic;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _acknowledged;
    private long _failed;
    private volatile string? _lastFailure;

    public EventSender(KafkaConnection kafka, string topic)
    {
        _topic = topic;
        _delivered = OnDelivered;
        _producer = kafka.CreateProducer(new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            // As the Java client hashes: the same user lands in the same partition whoever sends.
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 5,
            QueueBufferingMaxMessages = MaxInFlight,
            QueueBufferingMaxKbytes = MaxInFlightKiB,
            DeliveryReportFields = "none",
        });
        using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        // Asked for by name, which creates it where that is allowed; a cluster that is not there is noticed before the input is read.
        try
        {
            admin.GetMetadata(topic, KafkaConnection.AnswerLimit);
        }
        catch (KafkaException e)
        {
            _producer.Dispose();
            throw kafka.Unreachable(e);
        }
    }

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Failed => Interlocked.Read(ref _failed);

    public string? LastFailure => _lastFailure;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Hands one event over; waits when too much is under way.</summary>
    public void Send(byte[]? key, byte[]? value, CancellationToken cancellationToken)
    {
        _room.Wait(cancellationToken);
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value };
        while (true)
        {
            try
            {
                _producer.Produce(_topic, message, _delivered);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _producer.Poll(QueueFullWait);
            }
            catch (ProduceException<byte[]?, byte[]?> e)
            {
                Fail(e.Error);
                return;
            }
        }
    }

    /// <summary>Waits until everything handed over has an answer; the library gives up on an event after five minutes.</summary>
    public void Flush(CancellationToken cancellationToken) =>
        _producer.FlushHandlers(() => _room.CurrentCount == MaxInFlight, cancellationToken);

    public void Dispose()
    {
        _producer.Dispose();
        _room.Dispose();
    }

    private void OnDelivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            Fail(report.Error);
            return;
        }

        Interlocked.Increment(ref _acknowledged);
        _room.Release();
    }

    private void Fail(Error error)
    {
        _lastFailure = error.Reason;
        Interlocked.Increment(ref _failed);
        _room.Release();
    }
}
