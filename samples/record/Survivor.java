/** Reads through null until the compiled code takes its checks as faults, again and again, and ends in peace. */
final class Survivor {
    int value;

    static int read(Survivor from) {
        try {
            return from.value;
        } catch (NullPointerException expected) {
            return 1;
        }
    }

    public static void main(String[] args) {
        Survivor some = new Survivor();
        int sum = 0;
        for (int turn = 0; turn < 200_000; turn++) {
            sum += read(some);
        }
        for (int turn = 0; turn < 3; turn++) {
            sum += read(null);
        }
        System.out.println(sum);
    }
}
