"""Themes: where WordPress' themes and news systems put the parts of an article, and what else they put among them.

Selectors and names of classes alone. Known themes: Jannah and Sahifa (TieLabs), Newspaper (tagDiv), JNews, Publisher,
Foxiz, Soledad, Elementor's and Divi's builders, the AMP plugin, WordPress' own block themes.
"""

import re

CONTENTS = (
    (
        ".entry-content, [itemprop='articleBody'], .td-post-content, .tdb_single_content, .amp-wp-article-content"
        ", .elementor-widget-theme-post-content, .et_pb_post_content, .wp-block-post-content, .inner-post-entry"
    ),
    (
        ".single-post-content, .article-content, .article-body, .article__body, .post-body, .story-body, .the-content"
        ", .article__content, .article-text, .post__content, .story-content, .news-content, .news-body, .news-text"
        ", .news-details"
    ),
    ".post-content, .single-content, .post-entry, .entry",
    "article",
    "main, [role='main']",
)
"""The text, the surest place first."""
HEADLINES = ("h1.entry-title", "h1.post-title", "h1[itemprop='headline']", "article h1", "main h1", "h1", "title")
SECTIONS = (
    ".post-cat-wrap a, a.post-cat",
    ".td-category a, a.tdb-entry-category",
    ".cat-links a, .entry-category a",
    "a[rel='category tag'], a[rel='category']",
    ".jeg_meta_category a, .post-cats a, .term-badges a, .p-categories a, .taxonomy-category a",
    "a.elementor-post-info__terms-list-item",
)
TAGS = (
    ".post-tags a, .tags-links a, .td-tags a, .tdb-tags a, .post-bottom-tags a, .jeg_post_tags a, .taxonomy-post_tag a",
    "a[rel='tag']",
)
WRITERS = (
    ".author-name, a[rel='author'], .entry-author a, [itemprop='author'] [itemprop='name'], a.tdb-author-name"
    ", .td-post-author-name a, .jeg_meta_author a, .post-meta-author a, .meta-author a, a.post-author-a"
    ", .author.vcard .fn, .author.vcard a, span.amp-wp-author, .wp-block-post-author-name"
    ", .wp-block-post-author__name, .elementor-post-info__item--type-author"
)
FEATURED = (
    "img.wp-post-image, .featured-area img, .post-thumbnail img, .td-post-featured-image img"
    ", .tdb_single_featured_image img, .elementor-widget-theme-post-featured-image img"
)

_IN_WORDS = """
other stories:
related related-posts relatedposts related-articles related-news jp-relatedposts yarpp yarpp-related mag-box read-also
also-read readmore read-more more-link irp_wrapper bs-irp crp_related wp_rp_wrap penci-ilrltpost-insert wp-block-rss
wp-block-latest-posts wp-block-query elementor-widget-posts elementor-widget-post-navigation post-navigation
buttons and forms:
sharedaddy sd-sharing share-buttons share-buttons-top share-buttons-bottom social-share post-share share-post
social-sharing addtoany_share_save_container a2a_kit heateor_sss_sharing_container essb_links ssba mashsb-container
swp_social_panel td-post-sharing td-post-sharing-top td-post-sharing-bottom jeg_share_button jeg_share_top_container
jeg_share_bottom_container elementor-widget-share-buttons post-shortlink jetpack-likes-widget-wrapper wp-block-buttons
newsletter mailpoet_form kk-star-ratings post-views go-to-top-button
what frames the text (contents, dates, sections, tags, writers, comments):
toc_container ez-toc-container lwptoc post-meta entry-meta single-meta post-bottom-meta post-cat-wrap post-tags post-tag
tags-links entry-tags td-post-source-tags tdb_single_tags jeg_post_tags jeg_meta_container td-module-meta-info
amp-wp-meta elementor-widget-post-info breadcrumb breadcrumbs author-box about-author author-bio comments comments-area
respond
posts of others, players and advertisements:
twitter-tweet instagram-media fb-post tiktok-embed wp-block-embed wp-playlist adsbygoogle code-block stream-item td-a-rec
jeg_ad ad-container advertisement google-auto-placed
words for screen readers:
screen-reader-text sr-only visually-hidden
"""
FURNITURE = frozenset(name for line in _IN_WORDS.splitlines() if not line.endswith(":") for name in line.split())
"""Classes and ids of what themes and plugins put into an article and readers do not read as its text."""
OTHER_STORIES = re.compile(
    r"(?<![\w-])(?!has-|no-|with-|without-)[\w-]*?"
    r"(?:related[-_](?:posts?|articles?|news|stor(?:y|ies)|sec)|(?:posts?|articles?|news|inline)[-_]related)(?![a-z])"
)
"""What every theme calls a little differently: td_block_related_posts, inline-related-post, jnews_inline_related_post."""
