namespace Millrace.Chaos.Plan;

/// <summary>
/// Which faults happen when, decided by the seed alone. Kinds are dealt like cards: each one comes once before any comes again, so that
/// two minutes see all of them. Faults of different targets may overlap.
/// </summary>
internal static class FaultPlan
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    /// <param name="kinds">What may happen; none gives an empty plan.</param>
    /// <param name="sessionTimeout">Pauses of a consumer are longer.</param>
    public static IReadOnlyList<Fault> Create(
        int seed, TimeSpan duration, IReadOnlyList<FaultKind> kinds, int consumers, int brokers, TimeSpan sessionTimeout)
    {
        var random = new Random(seed);
        var plan = new List<Fault>();
        var deck = new Stack<FaultKind>();
        var at = First;
        while (kinds.Count > 0 && at < duration)
        {
            if (deck.Count == 0)
            {
                var shuffled = kinds.Order().ToArray();
                random.Shuffle(shuffled);
                deck = new Stack<FaultKind>(shuffled);
            }

            plan.Add(Deal(random, deck.Pop(), at, consumers, brokers, sessionTimeout));
            at += Seconds(random, 3, 9);
        }

        return plan;
    }

    private static Fault Deal(Random random, FaultKind kind, TimeSpan at, int consumers, int brokers, TimeSpan sessionTimeout)
    {
        // All of them in this order, used or not, so that a plan does not change with what one kind needs.
        var consumer = random.Next(consumers);
        var broker = random.Next(brokers);
        var gone = random.Next(2) == 0 ? GoneEnd.Server : GoneEnd.Client;
        var link = random.Next(4) switch
        {
            0 => (Target: FaultTarget.KafkaLink, Index: broker),
            1 => (Target: FaultTarget.ConsumerKafkaLink, Index: consumer),
            2 => (Target: FaultTarget.PostgresLink, Index: consumer),
            _ => (Target: FaultTarget.HttpLink, Index: consumer),
        };
        var shortWhile = Seconds(random, 0, 5);
        var longWhile = Seconds(random, 3, 15);
        var joins = random.Next(2) == 0;
        return kind switch
        {
            FaultKind.KillConsumer => new Fault(at, kind, FaultTarget.Consumer, consumer, gone, shortWhile),
            FaultKind.KillBroker => new Fault(at, kind, FaultTarget.Broker, broker, gone, shortWhile),
            FaultKind.KillPostgres => new Fault(at, kind, FaultTarget.Postgres, 0, gone, TimeSpan.Zero),
            FaultKind.ReadOnly or FaultKind.NoConnections => new Fault(at, kind, FaultTarget.Postgres, 0, gone, longWhile),
            FaultKind.PauseConsumer => new Fault(at, kind, FaultTarget.Consumer, consumer, gone, sessionTimeout + longWhile),
            FaultKind.PauseBroker => new Fault(at, kind, FaultTarget.Broker, broker, gone, longWhile),
            FaultKind.Reset => new Fault(at, kind, link.Target, link.Index, gone, shortWhile),
            FaultKind.Stall or FaultKind.HalfOpen => new Fault(at, kind, link.Target, link.Index, gone, longWhile),
            FaultKind.Rebalance when joins => new Fault(at, kind, FaultTarget.SpareConsumer, 0, gone, longWhile),
            FaultKind.Rebalance => new Fault(at, kind, FaultTarget.Consumer, consumer, gone, shortWhile),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of fault."),
        };
    }

    private static TimeSpan Seconds(Random random, int from, int to) => TimeSpan.FromMilliseconds(random.Next(from * 1000, to * 1000));
}
