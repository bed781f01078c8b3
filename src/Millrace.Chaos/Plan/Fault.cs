using System.Globalization;

namespace Millrace.Chaos.Plan;

/// <summary>What a fault is done to.</summary>
internal enum FaultTarget
{
    Consumer,
    Broker,
    Postgres,

    /// <summary>The connections of everybody to one broker.</summary>
    KafkaLink,

    /// <summary>The connections of one consumer to all brokers: it loses its partitions and can still write.</summary>
    ConsumerKafkaLink,

    /// <summary>The connections of one consumer to PostgreSQL.</summary>
    PostgresLink,

    /// <summary>The connections of HTTP producers to one consumer.</summary>
    HttpLink,

    /// <summary>The consumer that comes and goes.</summary>
    SpareConsumer,
}

/// <summary>Which end of a half-open connection is gone.</summary>
internal enum GoneEnd
{
    Server,
    Client,
}

/// <summary>One fault of a plan.</summary>
/// <param name="At">When it begins, from the start of the load.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">To what.</param>
/// <param name="Index">To which of them, from 0.</param>
/// <param name="Gone">For <see cref="FaultKind.HalfOpen"/>: the end that is gone.</param>
/// <param name="Length">How long until it is healed; for a kill, until it is started again.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, FaultTarget Target, int Index, GoneEnd Gone, TimeSpan Length)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At:mm\\:ss\\.f}  {FaultKinds.Name(Kind),-14}  {Where,-36}  {Length.TotalSeconds,4:0.0} s");

    private string Where
    {
        get
        {
            var target = Target switch
            {
                FaultTarget.Consumer => $"consumer {Index + 1}",
                FaultTarget.Broker => $"broker {Index + 1}",
                FaultTarget.Postgres => "postgres",
                FaultTarget.KafkaLink => $"all to broker {Index + 1}",
                FaultTarget.ConsumerKafkaLink => $"consumer {Index + 1} to kafka",
                FaultTarget.PostgresLink => $"consumer {Index + 1} to postgres",
                FaultTarget.HttpLink => $"http to consumer {Index + 1}",
                FaultTarget.SpareConsumer => "one more consumer",
                _ => throw new InvalidOperationException($"No target: {Target}."),
            };
            return Kind == FaultKind.HalfOpen ? $"{target}, {(Gone == GoneEnd.Server ? "server" : "client")} gone" : target;
        }
    }
}
