using Millrace.Broker.Groups;
using Millrace.Broker.Log;
using Millrace.Broker.Network;
using Millrace.Broker.Security;
using Millrace.Broker.Topics;
using Millrace.Broker.Transactions;

namespace Millrace.Broker;

/// <summary>What the APIs work on.</summary>
internal sealed record BrokerServices
{
    public required BrokerSettings Settings { get; init; }

    public required string ClusterId { get; init; }

    /// <summary>The port that clients are told, which is known only when the listener has it.</summary>
    public required int AdvertisedPort { get; init; }

    public required TopicCatalog Topics { get; init; }

    public required GroupCoordinator Groups { get; init; }

    public required TransactionCoordinator Transactions { get; init; }

    public required LogWriter Writer { get; init; }

    public required ProducerIds ProducerIds { get; init; }

    /// <summary>For requests being received and answers being sent.</summary>
    public required MemoryBudget Memory { get; init; }

    public required BrokerMetrics Metrics { get; init; }

    public required Logins Logins { get; init; }

    /// <summary>Null: connections are not encrypted.</summary>
    public required TlsCertificate? Certificate { get; init; }

    public required BrokerFaults Faults { get; init; }
}
