using Millrace.Protocol;

namespace Millrace.Broker;

/// <summary>
/// What a test can make the broker do to the clients of the application under test: refuse, be slow, hang up, declare members dead. All of
/// it happens over the wire, so that whatever client there is meets it as it would meet it in production. Thread-safe.
/// </summary>
public sealed class BrokerFaults
{
    private readonly Lock _gate = new();
    private readonly Func<int> _dropConnections;
    private readonly Func<string, string?, int> _expireSessions;
    private (int Left, ErrorCode Error) _produce;
    private long _delayTicks;

    internal BrokerFaults(Func<int> dropConnections, Func<string, string?, int> expireSessions)
    {
        _dropConnections = dropConnections;
        _expireSessions = expireSessions;
    }

    /// <summary>How long every answer is held back, on top of what it takes. Default zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan AnswerDelay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _delayTicks));
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Volatile.Write(ref _delayTicks, value.Ticks);
        }
    }

    /// <summary>
    /// Refuses the next Produce requests, each as a whole and without storing anything. A call replaces what is left of the one before it.
    /// </summary>
    /// <param name="count">How many requests; 0 refuses none any more.</param>
    /// <param name="errorCode">
    /// Kafka's number of the error, for example 19 (NOT_ENOUGH_REPLICAS, which clients retry) or 10 (MESSAGE_TOO_LARGE, which they do not).
    /// Confluent.Kafka's <c>ErrorCode</c> has the same numbers.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or Kafka has no such error.</exception>
    public void FailNextProduces(int count, int errorCode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var error = (ErrorCode)errorCode;
        if (error is ErrorCode.None || !Enum.IsDefined(error))
            throw new ArgumentOutOfRangeException(nameof(errorCode), errorCode, "Kafka has no error of this number.");
        lock (_gate)
            _produce = (count, error);
    }

    /// <summary>Closes every connection, also of clients that wait for an answer. They may connect again at once.</summary>
    /// <returns>How many there were.</returns>
    public int DropConnections() => _dropConnections();

    /// <summary>Ends the sessions of members as if nothing had been heard of them for too long: they are out, and the others rebalance.</summary>
    /// <param name="group">The group.</param>
    /// <param name="memberId">One member; null: all of them.</param>
    /// <returns>How many members were put out; 0 when there is no such group or member.</returns>
    public int ExpireSessions(string group, string? memberId = null) => _expireSessions(group, memberId);

    /// <summary>The error of a Produce request that is to fail; None for one that is not.</summary>
    internal ErrorCode NextProduce()
    {
        lock (_gate)
        {
            if (_produce.Left == 0)
                return ErrorCode.None;
            _produce.Left--;
            return _produce.Error;
        }
    }
}
