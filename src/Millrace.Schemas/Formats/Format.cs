using System.Collections.Frozen;
using System.Text;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Formats;

/// <summary>One of the formats of the standard, as an assertion.</summary>
/// <param name="Description">What the text must be, for a message.</param>
internal sealed record Format(string Description, Format.Check Accepts)
{
    private static readonly FrozenDictionary<string, Format> Known = new Dictionary<string, Format>
    {
        ["date"] = new("a date such as 2026-03-04 (RFC 3339)", Dates.IsDate),
        ["time"] = new("a time such as 05:06:07Z (RFC 3339)", Dates.IsTime),
        ["date-time"] = new("a date and time such as 2026-03-04T05:06:07Z (RFC 3339)", Dates.IsDateTime),
        ["duration"] = new("a duration such as P1DT12H (RFC 3339)", Durations.IsDuration),
        ["email"] = new("an e-mail address (RFC 5321)", Emails.IsEmail),
        ["idn-email"] = new("an e-mail address (RFC 6531)", Emails.IsInternationalEmail),
        ["hostname"] = new("a host name (RFC 1123)", Hostnames.IsHostname),
        ["idn-hostname"] = new("a host name (RFC 5890)", Hostnames.IsInternationalHostname),
        ["ipv4"] = new("an IPv4 address", Addresses.IsIPv4),
        ["ipv6"] = new("an IPv6 address", Addresses.IsIPv6),
        ["uuid"] = new("a UUID (RFC 4122)", Addresses.IsUuid),
        ["uri"] = new("a URI (RFC 3986)", (text, _) => Uris.IsValid(text, absolute: true, international: false)),
        ["uri-reference"] = new("a URI or a relative reference (RFC 3986)", (text, _) => Uris.IsValid(text, absolute: false, international: false)),
        ["iri"] = new("an IRI (RFC 3987)", (text, _) => Uris.IsValid(text, absolute: true, international: true)),
        ["iri-reference"] = new("an IRI or a relative reference (RFC 3987)", (text, _) => Uris.IsValid(text, absolute: false, international: true)),
        ["uri-template"] = new("a URI template (RFC 6570)", UriTemplates.IsTemplate),
        ["json-pointer"] = new("a JSON Pointer (RFC 6901)", JsonPointers.IsPointer),
        ["relative-json-pointer"] = new("a relative JSON Pointer", JsonPointers.IsRelativePointer),
        ["regex"] = new("a regular expression (ECMA-262)", IsRegex),
    }.ToFrozenDictionary();

    public delegate bool Check(ReadOnlySpan<byte> text, Scratch scratch);

    /// <summary>The format; null for one that the standard does not have, which then asserts nothing.</summary>
    public static Format? Find(string name) => Known.GetValueOrDefault(name);

    private static bool IsRegex(ReadOnlySpan<byte> text, Scratch scratch)
    {
        try
        {
            EcmaTranslator.Translate(Encoding.UTF8.GetString(text));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
