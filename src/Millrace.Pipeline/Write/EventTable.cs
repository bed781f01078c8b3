namespace Millrace.Pipeline.Write;

/// <summary>Names of the tables that rows are written into.</summary>
internal static class EventTable
{
    /// <summary>Where events live.</summary>
    public const string Name = "pipeline.events";

    /// <summary>Where a batch waits inside its transaction until what is there already has been left out; one for each connection.</summary>
    public const string Staging = "pg_temp.millrace_staging";
}
