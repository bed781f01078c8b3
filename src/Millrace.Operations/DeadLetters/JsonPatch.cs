using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Operations.DeadLetters;

/// <summary>
/// A JSON Patch (RFC 6902). Our own, because the library of ASP.NET Core passes over an operation that it does not know, takes a missing value
/// for null and cannot replace the whole document: a tool that repairs data has to refuse what it does not understand.
/// </summary>
internal sealed class JsonPatch
{
    // A patch repairs a field or a few; more is a mistake, and each is applied to every letter.
    private const int MaxOperations = 1_000;

    private readonly Operation[] _operations;

    private JsonPatch(Operation[] operations) => _operations = operations;

    /// <summary>Reads a patch; <paramref name="error"/> is a clause that says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPatch? patch, [NotNullWhen(false)] out string? error)
    {
        patch = null;
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            error = $"it is not valid JSON: {e.Message}";
            return false;
        }

        if (root is not JsonArray list || list.Count > MaxOperations)
        {
            error = $"it is not an array of at most {MaxOperations} operations";
            return false;
        }

        var operations = new Operation[list.Count];
        for (var i = 0; i < list.Count; i++)
        {
            if (!Operation.TryParse(list[i], out var operation, out var problem))
            {
                error = $"operation {i + 1} {problem}";
                return false;
            }

            operations[i] = operation;
        }

        patch = new JsonPatch(operations);
        error = null;
        return true;
    }

    /// <summary>
    /// Applies all operations in turn. When one cannot be, the whole patch cannot (RFC 6902, 5): <paramref name="document"/> may be changed
    /// then and is of no use any more, and <paramref name="error"/> is a clause that says which one and why.
    /// </summary>
    public bool TryApply(ref JsonNode? document, [NotNullWhen(false)] out string? error)
    {
        for (var i = 0; i < _operations.Length; i++)
        {
            if (_operations[i].Apply(ref document) is { } problem)
            {
                error = $"operation {i + 1} ({_operations[i]}) cannot be applied: {problem}";
                return false;
            }
        }

        error = null;
        return true;
    }

    private sealed class Operation
    {
        private readonly string _name;
        private readonly string _pathText;
        private readonly JsonPointer _path;
        private readonly JsonPointer? _from;
        private readonly JsonNode? _value;

        private Operation(string name, string pathText, JsonPointer path, JsonPointer? from, JsonNode? value) =>
            (_name, _pathText, _path, _from, _value) = (name, pathText, path, from, value);

        public static bool TryParse(JsonNode? node, [NotNullWhen(true)] out Operation? operation, out string problem)
        {
            operation = null;
            problem = "";
            if (node is not JsonObject members)
                problem = "is not an object";
            else if (Text(members, "op") is not ("add" or "remove" or "replace" or "move" or "copy" or "test"))
                problem = "has no op of add, remove, replace, move, copy or test";
            else if (Text(members, "path") is not { } pathText || !JsonPointer.TryParse(pathText, out var path))
                problem = "has no path that is a JSON pointer like /a/b";
            else
                problem = TryParse(members, Text(members, "op")!, pathText, path, out operation);
            return operation is not null;
        }

        /// <summary>Null, or why not.</summary>
        public string? Apply(ref JsonNode? document)
        {
            switch (_name)
            {
                case "add":
                    return Add(ref document, _value?.DeepClone());
                case "remove":
                    return Remove(ref document, _path);
                case "replace":
                    return Replace(ref document);
                case "move":
                    if (!_from!.TryGet(document, out var moved))
                        return "there is nothing at from";
                    var copy = moved?.DeepClone();
                    return Remove(ref document, _from) ?? Add(ref document, copy);
                case "copy":
                    return _from!.TryGet(document, out var copied) ? Add(ref document, copied?.DeepClone()) : "there is nothing at from";
                case "test":
                    if (!_path.TryGet(document, out var found))
                        return "there is nothing at path";
                    return JsonNode.DeepEquals(found, _value) ? null : "the value is another one";
                default:
                    throw new InvalidOperationException($"{_name} is not an operation.");
            }
        }

        public override string ToString() => $"{_name} {_pathText}";

        private static string TryParse(JsonObject members, string name, string pathText, JsonPointer path, out Operation? operation)
        {
            operation = null;
            JsonPointer? from = null;
            JsonNode? value = null;
            if (name is "move" or "copy" && (Text(members, "from") is not { } text || !JsonPointer.TryParse(text, out from)))
                return "has no from that is a JSON pointer like /a/b";
            if (name is "move" && path.IsInside(from!))
                return "moves a value into itself";
            if (name is "add" or "replace" or "test" && !members.TryGetPropertyValue("value", out value))
                return "has no value";
            operation = new Operation(name, pathText, path, from, value);
            return "";
        }

        private static string? Text(JsonObject members, string name) =>
            members.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        private string? Add(ref JsonNode? document, JsonNode? value)
        {
            if (_path.IsRoot)
            {
                document = value;
                return null;
            }

            if (!_path.TryGetParent(document, out var parent))
                return "there is nothing to hold path";
            switch (parent)
            {
                case JsonObject map:
                    map[_path.Last] = value;
                    return null;
                case JsonArray list when _path.Last == "-":
                    list.Add(value);
                    return null;
                case JsonArray list when JsonPointer.TryIndex(_path.Last, list.Count + 1, out var index):
                    list.Insert(index, value);
                    return null;
                default:
                    return parent is JsonArray ? "path names no place in the array" : "path is inside a value that is neither object nor array";
            }
        }

        private string? Replace(ref JsonNode? document)
        {
            if (!_path.TryGet(document, out _))
                return "there is nothing at path";
            if (_path.IsRoot)
                document = _value?.DeepClone();
            else if (_path.TryGetParent(document, out var parent) && parent is JsonArray list && JsonPointer.TryIndex(_path.Last, list.Count, out var index))
                list[index] = _value?.DeepClone();
            else
                parent!.AsObject()[_path.Last] = _value?.DeepClone();
            return null;
        }

        private static string? Remove(ref JsonNode? document, JsonPointer path)
        {
            if (!path.TryGet(document, out _))
                return "there is nothing at path";
            if (path.IsRoot)
                document = null;
            else if (path.TryGetParent(document, out var parent) && parent is JsonArray list && JsonPointer.TryIndex(path.Last, list.Count, out var index))
                list.RemoveAt(index);
            else
                parent!.AsObject().Remove(path.Last);
            return null;
        }
    }
}
