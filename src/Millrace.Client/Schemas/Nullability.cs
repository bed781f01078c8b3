using System.Reflection;
using System.Text.Json.Nodes;

namespace Millrace.Client;

/// <summary>
/// Adds the nullability inside of a property's type, such as of the items of a <c>List&lt;string?&gt;</c>, which System.Text.Json does not
/// keep. Where an application was trimmed of it, nothing inside is nullable.
/// </summary>
internal static class Nullability
{
    public static JsonNode Complete(JsonNode schema, MemberInfo member)
    {
        var context = new NullabilityInfoContext();
        try
        {
            var info = member switch
            {
                PropertyInfo property => context.Create(property),
                FieldInfo field => context.Create(field),
                _ => null,
            };
            if (info is not null)
                CompleteInside(schema, info);
        }
        catch (InvalidOperationException)
        {
            // The switch System.Reflection.NullabilityInfoContext.IsSupported is off.
        }

        return schema;
    }

    private static void CompleteInside(JsonNode schema, NullabilityInfo info)
    {
        foreach (var keyword in (ReadOnlySpan<string>)["items", "additionalProperties"])
        {
            if (schema is not JsonObject whole || whole[keyword] is not JsonObject inside)
                continue;
            // The items of an array, of the list's only argument, the values of the dictionary's last.
            var inner = info.ElementType ?? info.GenericTypeArguments.LastOrDefault();
            if (inner is null)
                continue;
            CompleteInside(inside, inner);
            if (inner.ReadState == NullabilityState.Nullable)
                whole[keyword] = OrNull(inside);
        }
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case JsonValue one:
                schema["type"] = new JsonArray(one.DeepClone(), "null");
                return schema;
            case JsonArray:
                return schema;
            default:
                return schema.ContainsKey("anyOf") ? schema : new JsonObject { ["anyOf"] = new JsonArray(schema.DeepClone(), new JsonObject { ["type"] = "null" }) };
        }
    }
}
