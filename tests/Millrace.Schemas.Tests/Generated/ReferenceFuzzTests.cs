using System.Text;
using System.Text.Json;

namespace Millrace.Schemas.Tests.Generated;

/// <summary>
/// The fuzz target over pairs of a schema and an instance: the validator and a plain reading of the standard never disagree, and neither throws. Here with fixed
/// seeds; any other number of rounds and seed can be given to <see cref="Run"/>.
/// </summary>
public sealed class ReferenceFuzzTests
{
    private const int Schemas = 600;
    private const int InstancesEach = 40;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Validator_agrees_with_a_plain_reading_of_the_standard(int seed)
    {
        var valid = Run(seed, Schemas, InstancesEach);

        // Else it would have seen only the one answer.
        Assert.InRange(valid, Schemas * InstancesEach / 10, Schemas * InstancesEach * 9 / 10);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Damaged_bytes_never_throw_and_what_fits_is_json(int seed)
    {
        var random = new Random(seed);
        var generator = new Generator(random);
        for (var i = 0; i < 500; i++)
        {
            var schema = Encoding.UTF8.GetBytes(generator.Document(3).ToJsonString());
            var instance = Encoding.UTF8.GetBytes(generator.Instance(4)?.ToJsonString() ?? "null");
            if (random.Next(2) == 0)
            {
                schema[random.Next(schema.Length)] = (byte)random.Next(256);
            }

            JsonSchema compiled;
            try
            {
                compiled = JsonSchema.Compile(schema, SchemaOptions.Default);
            }
            catch (SchemaException)
            {
                continue;
            }

            for (var j = 0; j < 20; j++)
            {
                instance[random.Next(instance.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "{}[]\",:\\0e-."[random.Next(12)]);
                var fits = compiled.IsValid(instance);
                Assert.Equal(fits, compiled.Evaluate(instance).Valid);
                if (fits)
                {
                    using var _ = JsonDocument.Parse(instance);
                }
            }
        }
    }

    /// <summary>How many of the instances fit.</summary>
    private static int Run(int seed, int schemas, int instancesEach)
    {
        var random = new Random(seed);
        var generator = new Generator(random);
        var valid = 0;
        for (var i = 0; i < schemas; i++)
        {
            var schema = generator.Document(random.Next(1, 5)).ToJsonString();
            JsonSchema compiled;
            try
            {
                compiled = JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), SchemaOptions.Default);
            }
            catch (SchemaException exception) when (exception.Problem.Contains("never end"))
            {
                // Generated references may go in circles.
                continue;
            }

            var reference = new ReferenceEvaluator(JsonSerializer.Deserialize<JsonElement>(schema));
            for (var j = 0; j < instancesEach; j++)
            {
                var instance = generator.Instance(random.Next(5))?.ToJsonString() ?? "null";
                var expected = reference.Accepts(JsonSerializer.Deserialize<JsonElement>(instance));
                var utf8 = Encoding.UTF8.GetBytes(instance);
                var report = compiled.Evaluate(utf8);
                valid += expected ? 1 : 0;
                Assert.True(expected == compiled.IsValid(utf8) && expected == report.Valid, $"expected {expected}, seed {seed}:\n{schema}\n{instance}\n{string.Join('\n', report.Errors)}");
            }
        }

        return valid;
    }
}
