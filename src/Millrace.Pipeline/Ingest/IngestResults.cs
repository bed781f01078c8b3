namespace Millrace.Pipeline.Ingest;

/// <summary>The answer when some events of a request were accepted and others were not.</summary>
/// <param name="Accepted">How many the broker has acknowledged.</param>
/// <param name="Failed">How many were refused or not acknowledged.</param>
/// <param name="Results">One for each event, in the order of the request.</param>
public sealed record IngestResults(int Accepted, int Failed, IReadOnlyList<IngestResult> Results);
