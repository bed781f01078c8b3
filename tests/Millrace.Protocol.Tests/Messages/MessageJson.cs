using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Millrace.Protocol.Tests.Messages;

/// <summary>Builds a message from Kafka's JSON form of it, and writes any message as text that can be compared.</summary>
internal static class MessageJson
{
    public static void Fill(object target, JsonElement json)
    {
        foreach (JsonProperty member in json.EnumerateObject())
        {
            string name = char.ToUpperInvariant(member.Name[0]) + member.Name[1..];
            PropertyInfo property = target.GetType().GetProperty(name)
                ?? throw new InvalidOperationException($"{target.GetType().Name} has no {name}.");
            property.SetValue(target, Convert(member.Value, property.PropertyType));
        }
    }

    public static string Dump(object value)
    {
        var text = new StringBuilder();
        Append(text, value, depth: 0);
        return text.ToString();
    }

    private static object? Convert(JsonElement json, Type type)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(bool) => json.GetBoolean(),
            _ when type == typeof(sbyte) => json.GetSByte(),
            _ when type == typeof(short) => json.GetInt16(),
            _ when type == typeof(ushort) => json.GetUInt16(),
            _ when type == typeof(int) => json.GetInt32(),
            _ when type == typeof(long) => json.GetInt64(),
            _ when type.IsEnum => Enum.ToObject(type, json.GetInt64()),
            _ when type == typeof(string) => json.GetString(),
            _ when type == typeof(Guid) => ParseUuid(json.GetString()!),
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(json.GetBytesFromBase64()),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) => ConvertList(json, type),
            _ => ConvertStruct(json, type),
        };
    }

    private static IList ConvertList(JsonElement json, Type type)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        foreach (JsonElement item in json.EnumerateArray())
        {
            list.Add(Convert(item, type.GetGenericArguments()[0]));
        }

        return list;
    }

    private static object ConvertStruct(JsonElement json, Type type)
    {
        object value = Activator.CreateInstance(type)!;
        Fill(value, json);
        return value;
    }

    /// <summary>Kafka's form: base64 for URLs, without padding.</summary>
    private static Guid ParseUuid(string text) =>
        new(System.Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + "=="), bigEndian: true);

    private static void Append(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null:
                text.AppendLine("null");
                break;
            case ReadOnlyMemory<byte> bytes:
                text.AppendLine($"0x{System.Convert.ToHexString(bytes.Span)}");
                break;
            case string or ValueType:
                text.AppendLine($"{value}");
                break;
            case IList list:
                text.AppendLine($"[{list.Count}]");
                foreach (object? item in list)
                {
                    Append(text.Append(' ', 2 * depth).Append("- "), item, depth + 1);
                }

                break;
            default:
                text.AppendLine(value.GetType().Name);
                foreach (PropertyInfo property in value.GetType().GetProperties().Where(property => property.CanWrite))
                {
                    Append(text.Append(' ', 2 * depth).Append(property.Name).Append(": "), property.GetValue(value), depth + 1);
                }

                break;
        }
    }
}
