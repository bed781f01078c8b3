using Millrace.Events;

namespace Millrace.Pipeline.Ingest;

/// <summary>What became of one event of a request.</summary>
/// <param name="Index">Its place in the request, from 0; empty lines of NDJSON are not counted.</param>
/// <param name="Status">
/// 202: acknowledged by the broker. 400: it is no event. 413: it is too large. 422: the schemas in force do not take it. 503: the broker did not acknowledge it in time; it may or may
/// not have been stored, and sending it again with the same <paramref name="Id"/> cannot store it twice.
/// </param>
/// <param name="Id">Its id; null when it was refused.</param>
/// <param name="Reason">The code of the reason, see <see cref="RefusalReasons.Code"/>, or <c>not_acknowledged</c>; null when it was accepted.</param>
/// <param name="Detail">A sentence for a person; null when it was accepted.</param>
/// <param name="Errors">What does not fit the schema of its type, at most ten of them; null when it was not refused for that.</param>
public sealed record IngestResult(int Index, int Status, Guid? Id, string? Reason, string? Detail, IReadOnlyList<IngestSchemaError>? Errors);
