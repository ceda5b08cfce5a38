package xlctl.shell.answer;

import java.util.List;

/**
 * {@code show ca}: the certificate by which clients verify servers.
 *
 * @param certificate in PEM
 */
public record AuthorityAnswer(String cluster, String certificate) implements Answer {
    @Override
    public String kind() {
        return "certificate-authority";
    }

    @Override
    public Rows rows() {
        return new Rows(AuthorityAnswer.class, List.of(this));
    }
}
