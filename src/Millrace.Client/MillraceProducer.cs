using System.Text.Json;
using Confluent.Kafka;
using Millrace.Events;

namespace Millrace.Client;

/// <summary>
/// Sends events to Millrace's topic: each once, in the order of its user, and with an answer. One for a process is enough; any number of threads
/// may send at once. <see cref="DisposeAsync"/> waits for what is under way.
/// </summary>
/// <remarks>
/// 1. The event becomes JSON and is checked as the pipeline will check it, so that nothing is sent that would end as a dead letter.
/// 2. It waits while <see cref="MillraceProducerOptions.MaxInFlight"/> others are under way.
/// 3. Kafka's client puts it into a batch for the partition of its user and tries until it is acknowledged or the time is over.
/// 4. The caller is told where it is, or what went wrong.
/// </remarks>
public sealed class MillraceProducer : IAsyncDisposable
{
    private readonly JsonSerializerOptions _json;
    private readonly InFlight _inFlight;
    private readonly IProducer<byte[]?, byte[]> _producer;
    private readonly Func<string?> _clientSays;
    private volatile string? _lastClientError;
    private int _isDisposed;

    /// <summary>Makes a producer. Whether the broker is there shows with the first event.</summary>
    /// <param name="options">Later changes to it have no effect.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    /// <exception cref="InvalidOperationException">There is no JSON context, and reflection is disabled.</exception>
    public MillraceProducer(MillraceProducerOptions options)
    {
        var config = ProducerSettings.From(options);
        var topic = options.Topic;
        _json = EventJson.CreateOptions(options.JsonContext);
        _inFlight = new InFlight(options.MaxInFlight, options.MaxInFlightBytes, delivery => delivery.HandOver(_producer!, topic));
        _clientSays = () => _lastClientError;
        var log = options.ClientLog;
        try
        {
            _producer = new ProducerBuilder<byte[]?, byte[]>(config)
                .SetErrorHandler((_, error) => _lastClientError = error.Reason)
                .SetLogHandler((_, message) => log?.Invoke($"{message.Level} {message.Facility}: {message.Message}"))
                .Build();
        }
        catch (Exception e) when (e is KafkaException or InvalidOperationException)
        {
            throw new ArgumentException($"The producer's options cannot be used: {e.Message}", nameof(options), e);
        }
    }

    /// <summary>Who waits because too much is under way.</summary>
    internal int Waiting => _inFlight.Waiting;

    /// <summary>Sends one event and returns when Kafka has acknowledged it.</summary>
    /// <param name="event">The event. Sent twice, it is stored once.</param>
    /// <param name="cancellationToken">Ends the waiting. An event that was handed over before may arrive all the same.</param>
    /// <exception cref="EventRefusedException">It breaks the contract, such as by more than 1 MiB; nothing was sent.</exception>
    /// <exception cref="EventTypeException">Its type cannot be used; nothing was sent.</exception>
    /// <exception cref="EventNotSentException">Kafka did not acknowledge it.</exception>
    /// <exception cref="ObjectDisposedException">The producer was disposed.</exception>
    public async Task<SentEvent> SendAsync(Event @event, CancellationToken cancellationToken = default)
    {
        var delivery = await HandOverAsync(@event, cancellationToken).ConfigureAwait(false);
        return await delivery.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends events in their order, as many at a time as may be under way, and returns when Kafka has acknowledged all of them. At the first
    /// that fails no more are taken, and when those under way have their answers that failure is thrown: its <see cref="MillraceException.Event"/>
    /// says which it was. All of them may be sent again then, since each is stored once.
    /// </summary>
    /// <param name="events">The events; taken one by one, so there may be more than fit into memory.</param>
    /// <param name="cancellationToken">Ends the waiting. Events that were handed over before may arrive all the same.</param>
    /// <returns>Where they are, in their order.</returns>
    /// <exception cref="EventRefusedException">One breaks the contract.</exception>
    /// <exception cref="EventTypeException">The type of one cannot be used.</exception>
    /// <exception cref="EventNotSentException">Kafka did not acknowledge one.</exception>
    /// <exception cref="ObjectDisposedException">The producer was disposed.</exception>
    public async Task<IReadOnlyList<SentEvent>> SendAsync(IEnumerable<Event> events, CancellationToken cancellationToken = default)
    {
        var sent = new List<SentEvent>();
        var underWay = new Queue<Task<SentEvent>>();
        try
        {
            foreach (var one in events)
            {
                underWay.Enqueue(await HandOverAsync(one, cancellationToken).ConfigureAwait(false));
                while (underWay.TryPeek(out var first) && first.IsCompleted)
                    sent.Add(await underWay.Dequeue().ConfigureAwait(false));
            }

            while (underWay.TryDequeue(out var next))
                sent.Add(await next.WaitAsync(cancellationToken).ConfigureAwait(false));
            return sent;
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            await ((Task)Task.WhenAll(underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Takes no more events, and ends when those under way have their answers: at the latest after <see cref="MillraceProducerOptions.DeliveryTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _inFlight.CloseAsync().ConfigureAwait(false);
        _producer.Dispose();
    }

    private async ValueTask<Task<SentEvent>> HandOverAsync(Event @event, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var value = Serialize(@event);
        var key = Check(@event, value);
        var delivery = new Delivery(_inFlight, @event, key, value, _clientSays);
        await _inFlight.EnterAsync(delivery, cancellationToken).ConfigureAwait(false);
        return delivery.Task;
    }

    private byte[] Serialize(Event @event)
    {
        var type = @event.GetType();
        _ = EventContract.Of(type);
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(@event, _json.GetTypeInfo(type));
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            throw new EventTypeException(
                type, $"{type.Name} cannot become JSON: its context needs [JsonSerializable(typeof({type.Name}))], and each of its properties a type that System.Text.Json can write. {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new EventRefusedException(@event, RefusalReason.TooDeep, $"it is nested deeper than {_json.MaxDepth}, or refers to itself.", e);
        }
    }

    /// <summary>Checks it as the pipeline will, and gives back the key.</summary>
    private static byte[]? Check(Event @event, byte[] value)
    {
        var reason = EnvelopeReader.Read(value, out var envelope, out var position);
        return reason switch
        {
            RefusalReason.None => envelope.HasUserId ? envelope.UserId.ToArray() : null,
            RefusalReason.TooLarge => throw new EventRefusedException(@event, reason, $"it has {value.Length:N0} bytes as JSON, and {EnvelopeReader.MaxBytes:N0} are allowed."),
            _ => throw new EventRefusedException(@event, reason, $"see byte {position} of its JSON; docs/events.md says what is allowed."),
        };
    }
}
