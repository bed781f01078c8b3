using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Protocol.Generator.Emit;
using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator;

/// <summary>
/// Writes the codec of every class that has a <c>[KafkaMessage]</c>. From
/// <code>
/// [KafkaMessage(ApiKey.Heartbeat, "0-4", flexible: "4+")]
/// internal sealed partial class HeartbeatRequest
/// {
///     public string GroupId { get; set; } = "";
///     [Versions("3+"), NullableIn("3+")]
///     public string? GroupInstanceId { get; set; }
/// }
/// </code>
/// it makes <c>HeartbeatRequest.g.cs</c>:
/// <code>
/// partial class HeartbeatRequest : IKafkaMessage
/// {
///     public static ApiKey ApiKey => ApiKey.Heartbeat;      // MinVersion, MaxVersion, FirstFlexibleVersion likewise
///
///     public void Read(ref WireReader reader, short version)
///     {
///         // (a version out of range throws)
///         bool flexible = version >= 4;
///         GroupId = reader.ReadString(flexible);
///         if (version >= 3)
///         {
///             GroupInstanceId = reader.ReadNullableString(flexible);
///         }
///         if (flexible)
///         {
///             reader.SkipTags();                             // or a switch over the known tags
///         }
///     }
///
///     public void Write(ref WireWriter writer, short version) { … the same the other way round … }
/// }
/// </code>
/// Nested classes are the structures of the message and get the same two methods. Version checks that the range of the message
/// decides are left out. A list is read after its length was checked against the bytes left, divided by the fewest bytes that an
/// element takes in any version, which is computed here.
/// <para>Steps: <see cref="MessageReader"/> turns the symbol into a <see cref="MessageModel"/> of plain values or into
/// diagnostics; <see cref="MessageEmitter"/> turns the model into text. The compiler calls the second only when the model changed.</para>
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CodecGenerator : IIncrementalGenerator
{
    internal const string ModelStep = "MessageModels";

    private const string MessageAttribute = "Millrace.Protocol.KafkaMessageAttribute";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MessageReader.Result> messages = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                MessageAttribute,
                static (node, _) => node is ClassDeclarationSyntax,
                static (attributed, cancellation) => MessageReader.Read(attributed, cancellation))
            .WithTrackingName(ModelStep);

        context.RegisterSourceOutput(messages, static (output, result) =>
        {
            foreach (DiagnosticInfo diagnostic in result.Diagnostics)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }

            if (result.Message is { } message)
            {
                output.AddSource($"{message.Body.Name}.g.cs", MessageEmitter.Emit(message));
            }
        });
    }
}
