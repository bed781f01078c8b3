using Millrace.Broker;
using Millrace.LocalPostgres;
using Millrace.Operations;
using Millrace.Pipeline;
using Millrace.Registry;

namespace Millrace.Hosting;

/// <summary>Knows which exceptions of the parts are written for the person who starts.</summary>
internal static class StartFailure
{
    /// <summary>Their sentences, one a line; null when there is something among them that nobody foresaw.</summary>
    public static string? Sentences(Exception exception)
    {
        IReadOnlyList<Exception> all = exception is AggregateException several ? several.Flatten().InnerExceptions : [exception];
        return all.All(IsForPeople) ? string.Join('\n', all.Select(e => e.Message)) : null;
    }

    private static bool IsForPeople(Exception e) =>
        e is StartException or BrokerStartException or LocalPostgresStartException or PipelineStartException or OperationsException or RegistryException;
}
