using Millrace.Broker.Network;
using Millrace.Broker.Security;

namespace Millrace.Broker.Apis;

/// <summary>What an API may know about a request besides its body.</summary>
internal sealed class RequestContext
{
    public required short Version { get; init; }

    public required int CorrelationId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The client's address, as DescribeGroups shows it.</summary>
    public required string ClientHost { get; init; }

    /// <summary>The client is gone or the broker stops: whoever waits answers with what it has.</summary>
    public required CancellationToken Ending { get; init; }

    /// <summary>What a large answer must take from the common budget before it is made. Given back when it has been sent.</summary>
    public required MemoryLease Memory { get; init; }

    /// <summary>How far the connection is with its login.</summary>
    public required SaslSession Sasl { get; init; }

    /// <summary>Whether the user may write records and change things.</summary>
    public bool MayWrite => Sasl.MayWrite;

    /// <summary>Set when the connection is to end with this request, behind its answer if it has one.</summary>
    public bool CloseConnection { get; set; }

    /// <summary>What the answer refers to, let go of when it has been written.</summary>
    public IDisposable? HeldByResponse { get; set; }
}
