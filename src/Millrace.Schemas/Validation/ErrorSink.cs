using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Validation;

/// <summary>Gathers the errors of one report, and knows the way through the schema to the keyword at hand.</summary>
internal sealed class ErrorSink(int maxErrors)
{
    private readonly List<SchemaError> _errors = [];
    private readonly List<string> _path = [];

    public IReadOnlyList<SchemaError> Errors => _errors;

    /// <summary>Whether the report has all that was asked for; no more errors are written then.</summary>
    public bool IsFull => _errors.Count >= maxErrors;

    public void Enter(string path) => _path.Add(path);

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    public void Add(SchemaNode node, string keyword, string instanceLocation, string message)
    {
        var suffix = keyword.Length == 0 ? "" : "/" + keyword;
        _errors.Add(new SchemaError(instanceLocation, string.Concat(_path) + suffix, node.Locate(keyword), keyword, message));
    }
}
