using System.Text;
using Millrace.Schemas.Compatibility;
using Millrace.Schemas.Tests.Generated;
using Millrace.Schemas.Tests.Validation;

namespace Millrace.Schemas.Tests.Compatibility;

/// <summary>What is called compatible is held against instances: not one that the one side accepts may be refused by the other.</summary>
public sealed class GeneratedPairTests
{
    private const int Pairs = 600;
    private const int InstancesEach = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_instance_contradicts_a_verdict_of_compatible(int seed)
    {
        var random = new Random(seed);
        var generator = new Generator(random);
        var (compatible, contradicted) = (0, 0);
        for (var i = 0; i < Pairs; i++)
        {
            var first = generator.Document(3);
            var second = random.Next(4) == 0 ? generator.Document(2) : generator.Mutate(first);
            JsonSchema older, newer;
            try
            {
                older = Compiled.Schema(first.ToJsonString());
                newer = Compiled.Schema(second.ToJsonString());
            }
            catch (SchemaException)
            {
                // Generated references may go in circles.
                continue;
            }

            var diff = SchemaCompatibility.Compare(older, newer, strict: true);
            var (backward, forward) = (diff.IsCompatible(CompatibilityLevel.Backward), diff.IsCompatible(CompatibilityLevel.Forward));
            compatible += (backward ? 1 : 0) + (forward ? 1 : 0);
            for (var j = 0; j < InstancesEach; j++)
            {
                var instance = Encoding.UTF8.GetBytes(generator.Instance(random.Next(4))?.ToJsonString() ?? "null");
                var (fitsOlder, fitsNewer) = (older.IsValid(instance), newer.IsValid(instance));
                contradicted += fitsOlder != fitsNewer ? 1 : 0;
                Assert.False(
                    (backward && fitsOlder && !fitsNewer) || (forward && fitsNewer && !fitsOlder),
                    $"{Encoding.UTF8.GetString(instance)} tells the two apart:\n{first.ToJsonString()}\n{second.ToJsonString()}\nbackward {backward}, forward {forward}");
            }
        }

        // Else the verdicts or the instances would prove nothing.
        Assert.True(compatible > Pairs / 3, $"{compatible} verdicts of compatible");
        Assert.True(contradicted > Pairs, $"{contradicted} instances that tell a pair apart");
    }
}
