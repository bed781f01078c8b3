using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Millrace.Schemas.Tests.Generated;

/// <summary>
/// The standard read aloud, over a DOM, with sets and big fractions and no thought of speed. It knows what <see cref="Generator"/> writes: references
/// within the document, and patterns that mean the same to .NET.
/// </summary>
internal sealed class ReferenceEvaluator(JsonElement root)
{
    public bool Accepts(JsonElement instance) => Evaluate(root, instance, out _, out _);

    /// <summary>Whether it fits, and which members and items were evaluated on the way.</summary>
    private bool Evaluate(JsonElement schema, JsonElement instance, out HashSet<string> members, out HashSet<int> items)
    {
        members = [];
        items = [];
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.GetBoolean();
        }

        var valid = true;
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !keyword.Name.StartsWith("unevaluated", StringComparison.Ordinal)))
        {
            valid &= EvaluateKeyword(schema, keyword.Name, keyword.Value, instance, members, items);
        }

        if (instance.ValueKind == JsonValueKind.Object && schema.TryGetProperty("unevaluatedProperties", out var restOfMembers))
        {
            foreach (var member in instance.EnumerateObject().ToList())
            {
                valid &= members.Contains(member.Name) || Fits(restOfMembers, member.Value);
                members.Add(member.Name);
            }
        }

        if (instance.ValueKind == JsonValueKind.Array && schema.TryGetProperty("unevaluatedItems", out var restOfItems))
        {
            foreach (var (index, item) in instance.EnumerateArray().Index())
            {
                valid &= items.Contains(index) || Fits(restOfItems, item);
                items.Add(index);
            }
        }

        return valid;
    }

    private bool Fits(JsonElement schema, JsonElement instance) => Evaluate(schema, instance, out _, out _);

    /// <summary>In place: what a fitting subschema evaluated counts for this one.</summary>
    private bool Into(JsonElement schema, JsonElement instance, HashSet<string> members, HashSet<int> items)
    {
        if (!Evaluate(schema, instance, out var itsMembers, out var itsItems))
        {
            return false;
        }

        members.UnionWith(itsMembers);
        items.UnionWith(itsItems);
        return true;
    }

    private bool EvaluateKeyword(JsonElement schema, string keyword, JsonElement value, JsonElement instance, HashSet<string> members, HashSet<int> items)
    {
        switch (keyword)
        {
            case "type":
                return (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value]).Exists(type => IsOfType(type.GetString()!, instance));
            case "enum":
                return value.EnumerateArray().Any(one => AreEqual(one, instance));
            case "const":
                return AreEqual(value, instance);
            case "allOf":
                return value.EnumerateArray().ToList().Select(branch => Into(branch, instance, members, items)).ToList().TrueForAll(fits => fits);
            case "anyOf":
                return value.EnumerateArray().ToList().Select(branch => Into(branch, instance, members, items)).ToList().Contains(true);
            case "oneOf":
                return value.EnumerateArray().ToList().Select(branch => Into(branch, instance, members, items)).Count(fits => fits) == 1;
            case "not":
                return !Fits(value, instance);
            case "if":
                return Into(value, instance, members, items)
                    ? !schema.TryGetProperty("then", out var then) || Into(then, instance, members, items)
                    : !schema.TryGetProperty("else", out var otherwise) || Into(otherwise, instance, members, items);
            case "$ref":
                return Into(value.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name)), instance, members, items);
        }

        return instance.ValueKind switch
        {
            JsonValueKind.Number => EvaluateNumber(keyword, value, Rational.Parse(instance.GetRawText())),
            JsonValueKind.String => EvaluateString(keyword, value, instance.GetString()!),
            JsonValueKind.Array => EvaluateArray(schema, keyword, value, [.. instance.EnumerateArray()], items),
            JsonValueKind.Object => EvaluateObject(schema, keyword, value, instance, members, items),
            _ => true,
        };
    }

    private static bool EvaluateNumber(string keyword, JsonElement value, Rational number) => keyword switch
    {
        "minimum" => number.CompareTo(Rational.Parse(value.GetRawText())) >= 0,
        "maximum" => number.CompareTo(Rational.Parse(value.GetRawText())) <= 0,
        "exclusiveMinimum" => number.CompareTo(Rational.Parse(value.GetRawText())) > 0,
        "exclusiveMaximum" => number.CompareTo(Rational.Parse(value.GetRawText())) < 0,
        "multipleOf" => number.IsMultipleOf(Rational.Parse(value.GetRawText())),
        _ => true,
    };

    private static bool EvaluateString(string keyword, JsonElement value, string text) => keyword switch
    {
        "minLength" => text.EnumerateRunes().Count() >= value.GetInt32(),
        "maxLength" => text.EnumerateRunes().Count() <= value.GetInt32(),
        "pattern" => Regex.IsMatch(text, value.GetString()!.Replace("$", @"\z")),
        _ => true,
    };

    private bool EvaluateArray(JsonElement schema, string keyword, JsonElement value, List<JsonElement> array, HashSet<int> items)
    {
        switch (keyword)
        {
            case "minItems":
                return array.Count >= value.GetInt32();
            case "maxItems":
                return array.Count <= value.GetInt32();
            case "uniqueItems":
                return !value.GetBoolean() || array.Index().All(one => array.Take(one.Index).All(other => !AreEqual(one.Item, other)));
            case "prefixItems":
                var prefix = value.EnumerateArray().ToList();
                items.UnionWith(Enumerable.Range(0, Math.Min(prefix.Count, array.Count)));
                return prefix.Zip(array).All(pair => Fits(pair.First, pair.Second));
            case "items":
                var start = schema.TryGetProperty("prefixItems", out var before) ? before.GetArrayLength() : 0;
                items.UnionWith(Enumerable.Range(0, array.Count));
                return array.Skip(start).All(item => Fits(value, item));
            case "contains":
                var fitting = array.Index().Where(item => Fits(value, item.Item)).Select(item => item.Index).ToList();
                items.UnionWith(fitting);
                return fitting.Count >= (schema.TryGetProperty("minContains", out var min) ? min.GetInt32() : 1)
                    && (!schema.TryGetProperty("maxContains", out var max) || fitting.Count <= max.GetInt32());
            default:
                return true;
        }
    }

    private bool EvaluateObject(JsonElement schema, string keyword, JsonElement value, JsonElement instance, HashSet<string> members, HashSet<int> items)
    {
        var all = instance.EnumerateObject().ToList();
        switch (keyword)
        {
            case "minProperties":
                return all.Count >= value.GetInt32();
            case "maxProperties":
                return all.Count <= value.GetInt32();
            case "required":
                return value.EnumerateArray().All(name => instance.TryGetProperty(name.GetString()!, out _));
            case "propertyNames":
                return all.TrueForAll(member => Fits(value, JsonSerializer.SerializeToElement(member.Name)));
            case "properties":
                var described = all.Where(member => value.TryGetProperty(member.Name, out _)).ToList();
                members.UnionWith(described.Select(member => member.Name));
                return described.TrueForAll(member => Fits(value.GetProperty(member.Name), member.Value));
            case "patternProperties":
                var pairs = value.EnumerateObject().SelectMany(pattern => all.Where(member => Regex.IsMatch(member.Name, pattern.Name.Replace("$", @"\z"))).Select(member => (pattern, member))).ToList();
                members.UnionWith(pairs.Select(pair => pair.member.Name));
                return pairs.TrueForAll(pair => Fits(pair.pattern.Value, pair.member.Value));
            case "additionalProperties":
                var rest = all.Where(member => !IsDescribed(schema, member.Name)).ToList();
                members.UnionWith(rest.Select(member => member.Name));
                return rest.TrueForAll(member => Fits(value, member.Value));
            case "dependentRequired":
                return value.EnumerateObject().Where(rule => instance.TryGetProperty(rule.Name, out _)).All(rule => rule.Value.EnumerateArray().All(name => instance.TryGetProperty(name.GetString()!, out _)));
            case "dependentSchemas":
                return value.EnumerateObject().Where(rule => instance.TryGetProperty(rule.Name, out _)).ToList().Select(rule => Into(rule.Value, instance, members, items)).ToList().TrueForAll(fits => fits);
            default:
                return true;
        }
    }

    private static bool IsDescribed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(pattern => Regex.IsMatch(name, pattern.Name.Replace("$", @"\z"))));

    private static bool IsOfType(string type, JsonElement instance) => type switch
    {
        "object" => instance.ValueKind == JsonValueKind.Object,
        "array" => instance.ValueKind == JsonValueKind.Array,
        "string" => instance.ValueKind == JsonValueKind.String,
        "number" => instance.ValueKind == JsonValueKind.Number,
        "integer" => instance.ValueKind == JsonValueKind.Number && Rational.Parse(instance.GetRawText()).Denominator.IsOne,
        "boolean" => instance.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => instance.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentException(type, nameof(type)),
    };

    private static bool AreEqual(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
        {
            return false;
        }

        return one.ValueKind switch
        {
            JsonValueKind.Number => Rational.Parse(one.GetRawText()).CompareTo(Rational.Parse(other.GetRawText())) == 0,
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
            JsonValueKind.Object => one.EnumerateObject().Count() == other.EnumerateObject().Count()
                && one.EnumerateObject().All(member => other.TryGetProperty(member.Name, out var same) && AreEqual(member.Value, same)),
            _ => true,
        };
    }

    /// <summary>A number as a fraction in lowest terms.</summary>
    private readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
    {
        public static Rational Parse(string text)
        {
            var e = text.IndexOfAny(['e', 'E']);
            var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign);
            var digits = e < 0 ? text : text[..e];
            var point = digits.IndexOf('.');
            exponent -= point < 0 ? 0 : digits.Length - point - 1;
            var numerator = BigInteger.Parse(digits.Replace(".", ""), NumberStyles.AllowLeadingSign) * BigInteger.Pow(10, Math.Max(exponent, 0));
            var denominator = BigInteger.Pow(10, Math.Max(-exponent, 0));
            var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
            return new Rational(numerator / common, denominator / common);
        }

        public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

        public bool IsMultipleOf(Rational divisor) => (Numerator * divisor.Denominator % (Denominator * divisor.Numerator)).IsZero;
    }
}
