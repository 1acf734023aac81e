DROP TABLE proposal_reviews;
DROP TABLE review_criteria;
DROP TABLE session_proposal_links;
DROP TABLE session_proposals;
DROP TABLE late_links;
DROP TABLE call_windows;
DROP TABLE calls;
