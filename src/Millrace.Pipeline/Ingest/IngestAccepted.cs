namespace Millrace.Pipeline.Ingest;

/// <summary>The answer when all events of a request were accepted.</summary>
/// <param name="Ids">Their ids, in the order of the request.</param>
public sealed record IngestAccepted(IReadOnlyList<Guid> Ids);
