using System.Text.Json.Nodes;

namespace Millrace.Schemas.Tests.Generated;

/// <summary>Makes schemas and instances from few names and values, so that they meet often.</summary>
internal sealed class Generator(Random random)
{
    private static readonly string[] Names = ["a", "b", "aa", "ab", "c"];
    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private static readonly string[] Patterns = ["^a", "b$", "^[ab]+$", "."];
    private static readonly string[] Scalars =
        ["null", "true", "false", "0", "1", "1.0", "2", "-1", "1.5", "0.5", "3e0", "1e2", "\"\"", "\"a\"", "\"ab\"", "\"b\"", "\"aab\"", "\"ä\"", "\"\\u0061\""];

    public JsonNode Schema(int depth)
    {
        if (random.Next(12) == 0 || depth <= 0)
        {
            return random.Next(4) switch
            {
                0 => JsonValue.Create(random.Next(3) > 0),
                _ => new JsonObject { ["type"] = Pick(Types) },
            };
        }

        var schema = new JsonObject();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            AddKeyword(schema, depth - 1);
        }

        return schema;
    }

    /// <summary>A whole schema, with definitions that may refer to themselves where they look further into the instance.</summary>
    public JsonObject Document(int depth)
    {
        var schema = Schema(depth) as JsonObject ?? new JsonObject { ["minLength"] = 1 };
        schema["$defs"] = new JsonObject
        {
            ["leaf"] = Schema(1) is JsonObject leaf && !leaf.ToJsonString().Contains("$ref") ? leaf : new JsonObject { ["type"] = "integer" },
            ["tree"] = new JsonObject { ["properties"] = new JsonObject { ["a"] = Reference("tree"), ["b"] = Reference("leaf") }, ["items"] = Reference("tree") },
        };
        return schema;
    }

    /// <summary>A copy with one or two small changes.</summary>
    public JsonObject Mutate(JsonObject schema)
    {
        var copy = (JsonObject)schema.DeepClone();
        for (var edits = random.Next(1, 3); edits > 0; edits--)
        {
            var objects = Objects(copy).Where(at => !at.GetPath().EndsWith(".$defs", StringComparison.Ordinal)).ToList();
            var at = objects[random.Next(objects.Count)];
            if (random.Next(2) == 0 && at.Count > 0)
            {
                var key = at.ElementAt(random.Next(at.Count)).Key;
                if (key != "$defs" && key != "leaf" && key != "tree")
                {
                    at.Remove(key);
                }
            }
            else
            {
                AddKeyword(at, 1);
            }
        }

        return copy;
    }

    public JsonNode? Instance(int depth)
    {
        switch (depth <= 0 ? 0 : random.Next(4))
        {
            case 1:
                return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Instance(depth - 1))]);
            case 2 or 3:
                var instance = new JsonObject();
                for (var i = random.Next(4); i > 0; i--)
                {
                    instance[Pick(Names)] = Instance(depth - 1);
                }

                return instance;
            default:
                return JsonNode.Parse(Pick(Scalars));
        }
    }

    private void AddKeyword(JsonObject into, int depth)
    {
        switch (random.Next(36))
        {
            case 0 or 1 or 2:
                into["type"] = random.Next(3) == 0 ? new JsonArray(Types.Where(_ => random.Next(3) == 0).Append("object").Distinct().Select(type => (JsonNode)type).ToArray()) : Pick(Types);
                break;
            case 3:
                into["enum"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Instance(1))]);
                break;
            case 4:
                into["const"] = Instance(1);
                break;
            case 5:
                into["minimum"] = random.Next(-1, 3);
                break;
            case 6:
                into["maximum"] = random.Next(-1, 3);
                break;
            case 7:
                into["exclusiveMinimum"] = random.Next(-1, 2);
                break;
            case 8:
                into["exclusiveMaximum"] = random.Next(0, 3);
                break;
            case 9:
                into["multipleOf"] = random.Next(2) == 0 ? 0.5m : 2;
                break;
            case 10:
                into["minLength"] = random.Next(3);
                break;
            case 11:
                into["maxLength"] = random.Next(3);
                break;
            case 12:
                into["pattern"] = Pick(Patterns);
                break;
            case 13:
                into["minItems"] = random.Next(3);
                break;
            case 14:
                into["maxItems"] = random.Next(3);
                break;
            case 15:
                into["uniqueItems"] = true;
                break;
            case 16:
                into["items"] = Schema(depth);
                break;
            case 17:
                into["prefixItems"] = Schemas(depth);
                break;
            case 18:
                into["contains"] = Schema(depth);
                into["minContains"] = random.Next(3);
                break;
            case 19:
                into["contains"] = Schema(depth);
                into["maxContains"] = random.Next(1, 3);
                break;
            case 20 or 21 or 22:
                into["properties"] = Named(depth, Names);
                break;
            case 23:
                into["patternProperties"] = Named(depth, Patterns);
                break;
            case 24:
                into["additionalProperties"] = Schema(depth);
                break;
            case 25:
                into["required"] = new JsonArray(Names.Where(_ => random.Next(4) == 0).Select(name => (JsonNode)name).ToArray());
                break;
            case 26:
                into["propertyNames"] = Schema(depth);
                break;
            case 27:
                into[random.Next(2) == 0 ? "minProperties" : "maxProperties"] = random.Next(3);
                break;
            case 28:
                into["dependentRequired"] = new JsonObject { [Pick(Names)] = new JsonArray(Pick(Names)) };
                into["dependentSchemas"] = Named(depth, Names);
                break;
            case 29:
                into[Pick("allOf", "anyOf", "oneOf")] = Schemas(depth);
                break;
            case 30:
                into["not"] = Schema(depth);
                break;
            case 31:
                into["if"] = Schema(depth);
                into["then"] = Schema(depth);
                into["else"] = Schema(depth);
                break;
            case 32:
                into[Pick("unevaluatedProperties", "unevaluatedItems")] = Schema(depth);
                break;
            case 33 or 34:
                // Branches that evaluate something and may fail all the same.
                into[Pick("anyOf", "oneOf", "allOf")] = new JsonArray([.. Enumerable.Range(0, 2).Select(_ => new JsonObject
                {
                    ["properties"] = Named(0, Names),
                    ["required"] = new JsonArray(Pick(Names)),
                })]);
                into["unevaluatedProperties"] = random.Next(3) > 0 ? false : Schema(0);
                break;
            default:
                into["$ref"] = $"#/$defs/{Pick("leaf", "tree")}";
                break;
        }
    }

    private JsonArray Schemas(int depth) => new([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Schema(depth))]);

    private JsonObject Named(int depth, string[] names) => new(names.Where(_ => random.Next(3) == 0).Select(name => KeyValuePair.Create<string, JsonNode?>(name, Schema(depth))));

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];

    private static IEnumerable<JsonObject> Objects(JsonNode? node)
    {
        if (node is JsonObject parent && parent.GetPath() is var path && !path.EndsWith(".properties", StringComparison.Ordinal) && !path.EndsWith(".patternProperties", StringComparison.Ordinal)
            && !path.EndsWith(".dependentSchemas", StringComparison.Ordinal) && !path.EndsWith(".dependentRequired", StringComparison.Ordinal) && !path.Contains(".enum[") && !path.EndsWith(".const", StringComparison.Ordinal))
        {
            yield return parent;
        }

        var children = node switch
        {
            JsonObject members => members.Where(member => member.Key is not ("const" or "enum" or "dependentRequired")).Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var below in children.SelectMany(Objects))
        {
            yield return below;
        }
    }
}
