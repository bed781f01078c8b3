using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Xml;
using System.Xml.Linq;

namespace Millrace.Client;

/// <summary>What people wrote about types and their members: <c>[Description]</c>, else the XML documentation that the compiler left in a folder.</summary>
internal sealed class Descriptions(string folder)
{
    private readonly Dictionary<string, Dictionary<string, XElement>> _files = new(StringComparer.Ordinal);

    public string? OfType(Type type) =>
        type.GetCustomAttribute<DescriptionAttribute>()?.Description ?? Text(Find(type, $"T:{IdOf(type)}")?.Element("summary"));

    public string? OfMember(MemberInfo member, JsonPropertyInfo property)
    {
        if (property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute given, ..])
            return given.Description;
        if (member.DeclaringType is not { } type)
            return null;
        var kind = member is PropertyInfo ? 'P' : 'F';
        return Text(Find(type, $"{kind}:{IdOf(type)}.{member.Name}")?.Element("summary"))
            // The members of a positional record are described as the parameters of the type.
            ?? Text(Find(type, $"T:{IdOf(type)}")?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == member.Name));
    }

    /// <summary>The name of a type in documentation files: nested types by a dot, generic ones as they are defined.</summary>
    private static string IdOf(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return (definition.FullName ?? definition.Name).Replace('+', '.');
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        var words = string.Concat(element.DescendantNodes().Select(Text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(' ', words);
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        // <see cref="P:Shop.Order.Total"/>, <paramref name="total"/> and the like say it in an attribute.
        XElement { HasElements: false, IsEmpty: true } reference => reference.Attributes()
            .Where(attribute => attribute.Name.LocalName is "cref" or "name" or "langword")
            .Select(attribute => attribute.Value[(attribute.Value.LastIndexOf('.') + 1)..])
            .FirstOrDefault(""),
        _ => "",
    };

    private XElement? Find(Type type, string id)
    {
        var assembly = type.Assembly.GetName().Name!;
        if (!_files.TryGetValue(assembly, out var members))
            _files.Add(assembly, members = Load(Path.Combine(folder, $"{assembly}.xml")));
        return members.GetValueOrDefault(id);
    }

    private static Dictionary<string, XElement> Load(string file)
    {
        var members = new Dictionary<string, XElement>(StringComparer.Ordinal);
        if (!File.Exists(file))
            return members;
        try
        {
            foreach (var member in XDocument.Load(file).Descendants("member"))
            {
                if (member.Attribute("name")?.Value is { } name)
                    members[name] = member;
            }
        }
        catch (XmlException)
        {
            // A file of that name that is no documentation describes nothing.
        }

        return members;
    }
}
