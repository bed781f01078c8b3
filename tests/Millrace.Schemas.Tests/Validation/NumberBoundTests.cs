namespace Millrace.Schemas.Tests.Validation;

/// <summary>Whole numbers of usual length take a shorter way than all others: at the bounds both ways have to say the same.</summary>
public sealed class NumberBoundTests
{
    [Theory]
    [InlineData("""{"minimum":-3,"maximum":7}""", "-3 -2 0 -0 7 7.0 70e-1", "-4 8 -3.5 7.1 80e-1 -100000000000000000000 100000000000000000000")]
    [InlineData("""{"exclusiveMinimum":-3,"exclusiveMaximum":7}""", "-2 6 6.99 -2.5", "-3 7 -3.0 7e0")]
    [InlineData("""{"minimum":1,"exclusiveMinimum":1,"maximum":3,"exclusiveMaximum":4}""", "2 3 1.5", "1 4 3.5")]
    [InlineData("""{"minimum":0.5,"maximum":2.5}""", "1 2 0.5 2.5", "0 3")]
    [InlineData("""{"minimum":1e-40}""", "1", "0 -1")]
    [InlineData("""{"maximum":5,"minimum":1e0}""", "1 5", "0 6")]
    [InlineData("""{"minimum":1e0,"maximum":5}""", "1 5", "0 6")]
    [InlineData("""{"minimum":0}""", "0.42 0.0 -0 -0.0 1.5e3 5e-1", "-0.42 -1e-9 -0.42e1 -1")]
    [InlineData("""{"maximum":7}""", "6.999 7.000 -7.5 0.7e1 -1e9", "7.0001 0.71e1 7.1 1.5e3")]
    [InlineData("""{"exclusiveMinimum":0,"exclusiveMaximum":1}""", "0.5 1e-9 0.999999999999999", "0 0.0 1 1.0 -0.5 1.5")]
    [InlineData("""{"multipleOf":3,"minimum":0}""", "0 3 6.0", "1 4 -3")]
    [InlineData("""{"minimum":123456789012345678}""", "123456789012345678 123456789012345679 1e18", "123456789012345677 -123456789012345678 1e17")]
    [InlineData("""{"maximum":100000000000000000000}""", "99999999999999999999 100000000000000000000 9", "100000000000000000001")]
    [InlineData("""{"minimum":-100000000000000000000}""", "-99999999999999999999 -100000000000000000000 0", "-100000000000000000001")]
    public void Bound_is_kept_to_the_number(string schema, string fitting, string refused)
    {
        Assert.All(fitting.Split(' '), number => Assert.True(Compiled.Schema(schema).IsValid(number), number));
        Assert.All(refused.Split(' '), number => Assert.False(Compiled.Schema(schema).IsValid(number), number));
    }
}
