using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Validation;

/// <summary>Gathers the errors of one report, and knows the way through the schema to the keyword at hand.</summary>
internal sealed class ErrorSink(int maxErrors)
{
    private readonly List<SchemaError> _errors = [];
    private readonly List<string> _path = [];

    public IReadOnlyList<SchemaError> Errors => _errors;

    public int Count => _errors.Count;

    /// <summary>Whether another error would be dropped; its text then need not be written.</summary>
    public bool IsFull => _errors.Count >= maxErrors;

    public void Enter(string path) => _path.Add(path);

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Adds an error, before those from <paramref name="at"/> on.</summary>
    public void Insert(int at, SchemaNode node, string keyword, string instanceLocation, string message)
    {
        if (IsFull)
        {
            // The summary of a combination is worth more than the last of its details.
            if (at == _errors.Count)
            {
                return;
            }

            _errors.RemoveAt(_errors.Count - 1);
        }

        var suffix = keyword.Length == 0 ? "" : "/" + keyword;
        _errors.Insert(at, new SchemaError(instanceLocation, string.Concat(_path) + suffix, node.Locate(keyword), keyword.Split('/')[0], message));
    }

    /// <summary>Forgets the errors from <paramref name="count"/> on: they belonged to a branch that need not fit.</summary>
    public void Truncate(int count) => _errors.RemoveRange(count, _errors.Count - count);
}
