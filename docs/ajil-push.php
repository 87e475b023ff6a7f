<?php
/**
 * Plugin Name:       Ajil push
 * Description:       Tells the newsroom's worker at once what the site publishes, changes and takes back.
 * Version:           1.0.0
 * Requires at least: 5.6
 * Requires PHP:      7.4
 * License:           MIT
 *
 * A must-use plugin: copy this file to wp-content/mu-plugins/ and add to wp-config.php, above "stop editing":
 *
 *     define( 'AJIL_HOOK_URL', 'https://worker.example.com/hooks/wordpress' );
 *     define( 'AJIL_HOOK_SECRET', 'the same word as HOOK_SECRET of the worker' );
 *
 * Without the two it does nothing. docs/push.md tells the rest.
 *
 * @package Ajil
 */

namespace Ajil\Push;

defined( 'ABSPATH' ) || exit;

const TIMEOUT     = 3;
const DELAYS      = array( 60, 5 * 60, 15 * 60 );
const CONTENT_MAX = 300000;
const FAULT       = 'ajil_push_fault';

/**
 * What waits to be told, by the post's number.
 *
 * @var array<int, array{event: string, named: array}> $waiting
 */
$GLOBALS['ajil_push_waiting'] = array();

add_action( 'transition_post_status', __NAMESPACE__ . '\\note_transition', 10, 3 );
add_action( 'before_delete_post', __NAMESPACE__ . '\\note_deletion', 10, 1 );
add_action( 'wp_after_insert_post', __NAMESPACE__ . '\\after_insert', 99, 1 );
add_action( 'shutdown', __NAMESPACE__ . '\\at_the_end', PHP_INT_MAX );
add_action( 'ajil_push_retry', __NAMESPACE__ . '\\retry', 10, 4 );
add_action( 'admin_notices', __NAMESPACE__ . '\\show_fault' );

/**
 * Whether the site's owner has set both constants.
 */
function is_set_up() {
	return defined( 'AJIL_HOOK_URL' ) && AJIL_HOOK_URL && defined( 'AJIL_HOOK_SECRET' ) && AJIL_HOOK_SECRET;
}

/**
 * Whether a post is an article that readers may see.
 *
 * @param \WP_Post $post A post.
 */
function is_public( $post ) {
	return 'publish' === $post->post_status && '' === $post->post_password;
}

/**
 * Whether posts of this kind stand in the site's feed.
 *
 * @param \WP_Post $post A post.
 */
function is_article( $post ) {
	/**
	 * Filters the types of posts that are told of.
	 *
	 * @param string[] $types Names of post types.
	 */
	return in_array( $post->post_type, (array) apply_filters( 'ajil_push_post_types', array( 'post' ) ), true );
}

/**
 * Notes that a post was published, changed or taken back. Nothing is sent yet: the block editor sets sections, tags and
 * the featured image only after this.
 *
 * @param string   $new_status The status it has now.
 * @param string   $old_status The status it had.
 * @param \WP_Post $post       The post.
 */
function note_transition( $new_status, $old_status, $post ) {
	if ( ! is_set_up() || ! is_article( $post ) ) {
		return;
	}
	if ( is_public( $post ) ) {
		wait( $post, 'publish' === $old_status ? 'update' : 'publish' );
	} elseif ( 'publish' === $old_status ) {
		wait( $post, 'trash' );
	}
}

/**
 * Notes that a post is deleted for good without having been in the trash.
 *
 * @param int $post_id Number of the post.
 */
function note_deletion( $post_id ) {
	$post = get_post( $post_id );
	if ( $post && is_set_up() && is_article( $post ) && is_public( $post ) ) {
		wait( $post, 'trash' );
	}
}

/**
 * Keeps what is to be told; a post that is published and saved again within one request was published.
 *
 * @param \WP_Post $post  The post.
 * @param string   $event What happened.
 */
function wait( $post, $event ) {
	$before = $GLOBALS['ajil_push_waiting'][ $post->ID ]['event'] ?? '';
	if ( 'update' === $event && 'publish' === $before ) {
		$event = 'publish';
	}
	$GLOBALS['ajil_push_waiting'][ $post->ID ] = array(
		'event' => $event,
		'named' => names( $post ),
	);
}

/**
 * A post is saved with all that belongs to it. Where nobody waits for a page it is told of at once: a scheduled post is
 * published by a cron that may have other work for minutes.
 *
 * @param int $post_id Number of the post.
 */
function after_insert( $post_id ) {
	if ( wp_doing_cron() || ( defined( 'WP_CLI' ) && WP_CLI ) ) {
		tell( $post_id );
	}
}

/**
 * The request is over: the editor's browser gets its answer first, then the worker is told.
 */
function at_the_end() {
	if ( ! $GLOBALS['ajil_push_waiting'] ) {
		return;
	}
	foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $finish ) {
		if ( function_exists( $finish ) ) {
			$finish();
		}
	}
	foreach ( array_keys( $GLOBALS['ajil_push_waiting'] ) as $post_id ) {
		tell( $post_id );
	}
}

/**
 * Tells what waits of one post.
 *
 * @param int $post_id Number of the post.
 */
function tell( $post_id ) {
	if ( isset( $GLOBALS['ajil_push_waiting'][ $post_id ] ) ) {
		$what = $GLOBALS['ajil_push_waiting'][ $post_id ];
		unset( $GLOBALS['ajil_push_waiting'][ $post_id ] );
		retry( $post_id, $what['event'], 0, $what['named'] );
	}
}

/**
 * Tells of a post as it stands now; what has changed again since is told by its own event.
 *
 * @param int    $post_id Number of the post.
 * @param string $event   What happened to it.
 * @param int    $attempt How often it was tried before.
 * @param array  $named   How the post is known; it may be gone by now.
 */
function retry( $post_id, $event, $attempt, $named ) {
	$post = get_post( $post_id );
	if ( ! is_set_up() || ( $post && is_public( $post ) ) === ( 'trash' === $event ) ) {
		return;
	}
	$why = send( $event, 'trash' === $event ? $named : article( $post ) );
	if ( '' === $why ) {
		if ( get_transient( FAULT ) ) {
			delete_transient( FAULT );
		}
		return;
	}
	set_transient( FAULT, $why, DAY_IN_SECONDS );
	if ( may_help( $why ) && isset( DELAYS[ $attempt ] ) ) {
		$args = array( $post_id, $event, $attempt + 1, $named );
		wp_schedule_single_event( time() + DELAYS[ $attempt ], 'ajil_push_retry', $args );
	}
}

/**
 * Sends one signed note. It waits for the answer, for at most three seconds, since nobody else waits with it: a request
 * whose answer is not awaited cannot be known to have arrived.
 *
 * @param string $event What happened.
 * @param array  $post  The post.
 * @return string Why it did not arrive; empty when it did.
 */
function send( $event, $post ) {
	// Each attempt has a name of its own, for a name is taken once.
	$note  = array(
		'version'  => 1,
		'event'    => $event,
		'delivery' => wp_generate_uuid4(),
		'post'     => $post,
	);
	$body  = wp_json_encode( $note, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	$stamp = (string) time();
	if ( ! $body ) {
		return 'json';
	}
	$answer = wp_remote_post(
		AJIL_HOOK_URL,
		array(
			'timeout'     => TIMEOUT,
			'redirection' => 0,
			'body'        => $body,
			'headers'     => array(
				'Content-Type'     => 'application/json',
				'X-Ajil-Timestamp' => $stamp,
				'X-Ajil-Signature' => 'sha256=' . hash_hmac( 'sha256', $stamp . '.' . $body, AJIL_HOOK_SECRET ),
			),
		)
	);
	if ( is_wp_error( $answer ) ) {
		return $answer->get_error_code();
	}
	$status = (int) wp_remote_retrieve_response_code( $answer );
	return $status >= 200 && $status < 300 ? '' : (string) $status;
}

/**
 * Whether the same may arrive later: it may after a timeout, at a worker that restarts or is too busy; a wrong secret
 * stays wrong.
 *
 * @param string $why What `send` gave.
 */
function may_help( $why ) {
	return ! preg_match( '/^4\d\d$/', $why ) || in_array( $why, array( '408', '429' ), true );
}

/**
 * The names by which a post is known.
 *
 * @param \WP_Post $post A post.
 */
function names( $post ) {
	return array(
		'id'   => (int) $post->ID,
		'guid' => (string) get_the_guid( $post ),
		'link' => (string) apply_filters( 'the_permalink_rss', get_permalink( $post ) ),
	);
}

/**
 * A post as the site's RSS feed prints it, by the same functions, so that both make one story (wp-includes/feed-rss2.php).
 *
 * @param \WP_Post $post A post.
 */
function article( $post ) {
	global $wp_query;
	$before  = $GLOBALS['post'] ?? null;
	$is_feed = $wp_query->is_feed ?? false;

	$GLOBALS['post'] = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- the feed's functions read it.
	setup_postdata( $post );
	if ( $wp_query ) {
		// Themes and lazy loaders write other markup into pages than into feeds.
		$wp_query->is_feed = true;
	}
	$article = names( $post ) + array(
		'title'      => (string) get_the_title_rss(),
		'content'    => get_option( 'rss_use_excerpt' ) ? '' : shortened( (string) get_the_content_feed( 'rss2' ) ),
		'excerpt'    => shortened( (string) apply_filters( 'the_excerpt_rss', get_the_excerpt( $post ) ) ),
		'categories' => terms( $post, 'category' ),
		'tags'       => terms( $post, 'post_tag' ),
		'author'     => (string) get_the_author(),
		'published'  => (string) get_post_time( 'Y-m-d\TH:i:s\Z', true, $post ),
		'modified'   => (string) get_post_modified_time( 'Y-m-d\TH:i:s\Z', true, $post ),
		'image'      => image( $post ),
	);
	if ( $wp_query ) {
		$wp_query->is_feed = $is_feed;
	}
	$GLOBALS['post'] = $before; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as it was.
	if ( $before ) {
		setup_postdata( $before );
	}
	return $article;
}

/**
 * Names of a post's terms, as `get_the_category_rss` prints them.
 *
 * @param \WP_Post $post     A post.
 * @param string   $taxonomy Name of the taxonomy.
 * @return string[]
 */
function terms( $post, $taxonomy ) {
	$terms = get_the_terms( $post, $taxonomy );
	$names = array();
	foreach ( is_array( $terms ) ? array_slice( $terms, 0, 100 ) : array() as $term ) {
		$name    = sanitize_term_field( 'name', $term->name, $term->term_id, $taxonomy, 'rss' );
		$names[] = html_entity_decode( $name, ENT_COMPAT, get_option( 'blog_charset' ) );
	}
	return array_values( array_unique( $names ) );
}

/**
 * The featured image in full size, which WordPress's own feed does not name.
 *
 * @param \WP_Post $post A post.
 * @return array|null
 */
function image( $post ) {
	$number = get_post_thumbnail_id( $post );
	$source = $number ? wp_get_attachment_image_src( $number, 'full' ) : false;
	if ( ! $source ) {
		return null;
	}
	return array(
		'url'    => (string) $source[0],
		'width'  => (int) $source[1],
		'height' => (int) $source[2],
	);
}

/**
 * A text that fits into one request; no more than its beginning is ever posted.
 *
 * @param string $text HTML.
 */
function shortened( $text ) {
	return strlen( $text ) > CONTENT_MAX ? wp_check_invalid_utf8( substr( $text, 0, CONTENT_MAX ), true ) : $text;
}

/**
 * Tells the site's administrators that the worker was not reached.
 */
function show_fault() {
	$why = current_user_can( 'manage_options' ) ? get_transient( FAULT ) : false;
	if ( $why ) {
		printf(
			'<div class="notice notice-warning"><p>%s (<code>%s</code>)</p></div>',
			esc_html( 'عاجل: لم يصل آخر إشعار بالنشر إلى الخادم، وسيُقرأ الخبر من الخلاصة. Ajil: the last push did not arrive; the feed is read instead.' ),
			esc_html( $why )
		);
	}
}
